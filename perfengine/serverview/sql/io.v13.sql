-- Blocks of data files that the whole server asked the operating system for and gave to it; WAL is not among them.
SELECT ((SELECT sum(blks_read) FROM pg_stat_database)
        * current_setting('block_size')::float8)::float8 AS io_read_bytes,
       ((buffers_checkpoint + buffers_clean + buffers_backend)
        * current_setting('block_size')::float8)::float8 AS io_written_bytes
FROM pg_stat_bgwriter
