-- Bytes of data files that the whole server asked the operating system for and gave to it; WAL is not among them.
SELECT coalesce(sum(reads * op_bytes), 0)::float8 AS io_read_bytes,
       coalesce(sum((coalesce(writes, 0) + coalesce(extends, 0)) * op_bytes), 0)::float8 AS io_written_bytes
FROM pg_stat_io
