-- Sessions of others that wait for a lock which a session of the run ($1) holds, and how long the longest has waited.
-- A wait has no beginning here, so it is as old as its statement: at most. Of a session that hides what it does from us,
-- because we are without pg_read_all_stats, nobody knows.
WITH session AS MATERIALIZED (
    SELECT pid, coalesce(application_name IN ($1, $1 || '/load', $1 || '/setup'), false) AS ours, query_start,
           wait_event_type = 'Lock' OR state IS NULL AS may_wait
    FROM pg_stat_activity
    WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
      AND coalesce(backend_type, 'client backend') = 'client backend'
),
waiting AS MATERIALIZED (
    SELECT DISTINCT pid
    FROM pg_locks
    WHERE NOT granted AND (SELECT coalesce(bool_or(may_wait), false) FROM session WHERE NOT ours)
      AND pid IN (SELECT pid FROM session WHERE NOT ours)
)
SELECT count(*)::float8 AS blocked_others,
       coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0)::float8 AS longest_blocked_s
FROM waiting JOIN session USING (pid)
WHERE pg_blocking_pids(pid) && ARRAY(SELECT pid FROM session WHERE ours)
