-- Vacuums at work in the database that is loaded, and how far the slowest that follows the server is behind; on a standby,
-- how far it is itself, too. A backup that is sent has no place in the WAL. Of a standby a role without pg_read_all_stats
-- sees that it is there, and no more: no value. Slots everybody sees.
WITH wal AS MATERIALIZED (
    SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END AS here
)
SELECT (SELECT count(*) FROM pg_stat_progress_vacuum
        WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database()))::float8 AS running_vacuums,
       standbys,
       greatest(sent_lag, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() - here END)::float8
           AS replication_lag_bytes,
       replication_lag_s,
       (SELECT max(here - coalesce(confirmed_flush_lsn, restart_lsn)) FROM pg_replication_slots)::float8
           AS slot_lag_bytes
FROM wal, LATERAL (
    SELECT count(*)::float8 AS standbys,
           max(here - CASE WHEN state IS NOT NULL
                           THEN coalesce(replay_lsn, flush_lsn, write_lsn, sent_lsn, here) END) AS sent_lag,
           max(extract(epoch FROM replay_lag))::float8 AS replication_lag_s
    FROM pg_stat_replication) AS standby
