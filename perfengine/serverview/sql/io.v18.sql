-- Bytes of data files that the whole server asked the operating system for and gave to it; WAL is left out.
SELECT coalesce(sum(read_bytes), 0)::float8 AS io_read_bytes,
       coalesce(sum(coalesce(write_bytes, 0) + coalesce(extend_bytes, 0)), 0)::float8 AS io_written_bytes
FROM pg_stat_io
WHERE object <> 'wal'
