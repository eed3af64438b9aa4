-- Sessions of the whole server and, of those of the run ($1), what they do. The watching session is left out.
-- What others do, their kind included, is hidden from a role without pg_read_all_stats; that they are there is not.
-- A wait has no beginning here, so it is as old as its statement: at most.
WITH session AS MATERIALIZED (
    SELECT application_name IN ($1, $1 || '/load', $1 || '/setup') AS ours, state, wait_event_type, query_start
    FROM pg_stat_activity
    WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
      AND leader_pid IS NULL AND coalesce(backend_type, 'client backend') = 'client backend'
)
SELECT count(*)::float8 AS connection_count,
       count(*) FILTER (WHERE ours)::float8 AS run_connections,
       count(*) FILTER (WHERE ours AND state = 'active')::float8 AS active_sessions,
       count(*) FILTER (WHERE ours AND state LIKE 'idle in transaction%')::float8 AS idle_in_transaction_sessions,
       count(*) FILTER (WHERE ours AND state = 'active' AND wait_event_type IS NULL)::float8 AS running_sessions,
       count(*) FILTER (WHERE ours AND wait_event_type = 'Lock')::float8 AS lock_wait_s_per_s,
       count(*) FILTER (WHERE ours AND state = 'active' AND wait_event_type = 'LWLock')::float8 AS lwlock_sessions,
       count(*) FILTER (WHERE ours AND state = 'active' AND wait_event_type = 'IO')::float8 AS io_sessions,
       count(*) FILTER (WHERE ours AND state = 'active' AND wait_event_type = 'IPC')::float8 AS ipc_sessions,
       count(*) FILTER (WHERE ours AND state = 'active' AND wait_event_type = 'Client')::float8 AS client_sessions,
       coalesce(max(extract(epoch FROM clock_timestamp() - query_start))
                FILTER (WHERE ours AND wait_event_type = 'Lock'), 0)::float8 AS longest_lock_wait_s
FROM session
