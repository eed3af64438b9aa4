"""The tables of the built-in scripts are those that `pgbench --initialize` makes."""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any

import asyncpg

from perfengine.embedded.binaries import find_binaries
from perfengine.pgbench.builtin import TABLES, tables_sql

_SHAPE = """
SELECT c.relname::text, c.reloptions, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       (SELECT string_agg(pg_get_constraintdef(k.oid), ',') FROM pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype = 'p')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum
"""


def test_tables_are_those_of_pgbench(database: str) -> None:
    """Columns, keys, options and every row."""
    pgbench = find_binaries().bin_dir / "pgbench"
    subprocess.run(
        [pgbench, "--initialize", "--quiet", "--scale=2", database], capture_output=True, check=True
    )
    theirs, ours = asyncio.run(_both(database))
    assert len(ours[0]) == 4 + 4 + 3 + 6
    assert ours == theirs


async def _both(dsn: str) -> tuple[Any, Any]:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("CREATE SCHEMA ours")
        await connection.execute("SET search_path = ours")
        for statement in tables_sql(2):
            await connection.execute(statement)
        return await _seen(connection, "public"), await _seen(connection, "ours")
    finally:
        await connection.close()


async def _seen(connection: asyncpg.Connection, schema: str) -> tuple[list[Any], list[Any]]:
    shape = [tuple(row) for row in await connection.fetch(_SHAPE, schema)]
    rows = [
        await connection.fetchval(
            f"SELECT (count(*), sum(hashtextextended(t::text, 0))::text)::text FROM {schema}.{table} AS t"
        )
        for table in TABLES
    ]
    return shape, rows
