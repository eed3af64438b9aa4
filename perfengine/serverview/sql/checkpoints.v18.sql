-- Checkpoints that were done.
SELECT num_done::float8 AS checkpoints
FROM pg_stat_checkpointer
