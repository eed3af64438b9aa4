-- How far the write-ahead log has been written, in bytes since its beginning, and its full page images.
SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS wal_bytes,
       wal_fpi::float8 AS wal_full_page_images
FROM pg_stat_wal
