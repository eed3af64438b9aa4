-- Checkpoints that were due or asked for; one that found nothing to do is counted too.
SELECT (checkpoints_timed + checkpoints_req)::float8 AS checkpoints
FROM pg_stat_bgwriter
