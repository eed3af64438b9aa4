-- Checkpoints that were due or asked for; one that found nothing to do is counted too.
SELECT (num_timed + num_requested)::float8 AS checkpoints
FROM pg_stat_checkpointer
