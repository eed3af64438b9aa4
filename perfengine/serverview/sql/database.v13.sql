-- Counters of the database that is loaded, with everybody's share.
SELECT xact_commit::float8 AS xact_commit,
       xact_rollback::float8 AS xact_rollback,
       blks_hit::float8 AS blks_hit,
       blks_read::float8 AS blks_read,
       temp_bytes::float8 AS temp_bytes,
       deadlocks::float8 AS deadlocks
FROM pg_stat_database
WHERE datname = current_database()
