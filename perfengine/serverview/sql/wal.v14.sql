-- How far the write-ahead log has been written, of a standby: replayed, in bytes since its beginning; full page images.
SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END
        - '0/0'::pg_lsn)::float8 AS wal_bytes,
       wal_fpi::float8 AS wal_full_page_images
FROM pg_stat_wal
