-- How far the write-ahead log has been written, in bytes since its beginning. Full page images are not counted yet.
SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS wal_bytes,
       NULL::float8 AS wal_full_page_images
