"""Everything said to a PostgreSQL server. Alone imports asyncpg."""
