-- Sessions of others that wait for a lock which a session of the run ($1) holds, and how long the longest has waited.
-- What others wait for is hidden from a role without pg_read_all_stats, so the lock table is asked. It takes every
-- partition of it, so it is read only while somebody may be waiting.
WITH session AS MATERIALIZED (
    SELECT pid, coalesce(application_name IN ($1, $1 || '/load', $1 || '/setup'), false) AS ours,
           wait_event_type = 'Lock' OR state IS NULL AS may_wait
    FROM pg_stat_activity
    WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
      AND coalesce(backend_type, 'client backend') = 'client backend'
),
waiting AS MATERIALIZED (
    SELECT pid, max(waitstart) AS began
    FROM pg_locks
    WHERE NOT granted AND (SELECT coalesce(bool_or(may_wait), false) FROM session WHERE NOT ours)
      AND pid IN (SELECT pid FROM session WHERE NOT ours)
    GROUP BY pid
)
SELECT count(*)::float8 AS blocked_others,
       coalesce(max(extract(epoch FROM clock_timestamp() - began)), 0)::float8 AS longest_blocked_s
FROM waiting
WHERE pg_blocking_pids(pid) && ARRAY(SELECT pid FROM session WHERE ours)
