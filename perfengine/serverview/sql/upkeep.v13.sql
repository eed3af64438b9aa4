-- Vacuums at work in the database that is loaded, and how far the slowest standby is behind.
-- A role without pg_read_all_stats cannot see the latter: no value.
SELECT (SELECT count(*) FROM pg_stat_progress_vacuum
        WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database()))::float8 AS running_vacuums,
       (SELECT max(pg_current_wal_insert_lsn() - replay_lsn) FROM pg_stat_replication)::float8
           AS replication_lag_bytes
