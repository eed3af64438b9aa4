"""The table that every arm but perfengine loads: made as perfengine makes its own in its sandbox."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from benchmarks.workload import Workload


def make_table(dsn: str, workload: Workload) -> None:
    """Make the table anew, so that no arm works on the dead rows of the one before it, and checkpoint."""
    asyncio.run(_make_table(dsn, workload))


def make_bare_table(dsn: str, workload: Workload) -> None:
    """Make the table anew, empty and without its key."""
    asyncio.run(_make_bare_table(dsn, workload))


def fill_table(dsn: str, workload: Workload) -> None:
    """Fill the empty table with the rows that perfengine makes."""
    asyncio.run(_fill_table(dsn, workload))


def configure_server(dsn: str) -> Mapping[str, str]:
    """Let commits not wait for the disk, and return the setting as new sessions find it.

    Load generators are compared here. With the wait, an update is as fast as the disk lets it be and all arms are
    alike: 6 000 updates a second from pgbench and from Locust on the machine where this was written.
    """
    return asyncio.run(_configure_server(dsn))


async def _make_table(dsn: str, workload: Workload) -> None:
    await _make_bare_table(dsn, workload)
    await _fill_table(dsn, workload)
    name = quote_identifier(workload.table.name)
    async with _connected(dsn) as connection:
        for statement in (*constraints_ddl(workload.table), f"VACUUM (ANALYZE) {name}", "CHECKPOINT"):
            await connection.execute(statement)


async def _make_bare_table(dsn: str, workload: Workload) -> None:
    async with _connected(dsn) as connection:
        await connection.execute(f"DROP TABLE IF EXISTS {quote_identifier(workload.table.name)}")
        await connection.execute(create_table_ddl(workload.table))


async def _fill_table(dsn: str, workload: Workload) -> None:
    async with _connected(dsn) as connection:
        await connection.execute(workload.insert_sql, 0, workload.table_rows - 1, workload.anchor, 0)


async def _configure_server(dsn: str) -> Mapping[str, str]:
    async with _connected(dsn) as connection:
        database = quote_identifier(await connection.fetchval("SELECT current_database()"))
        await connection.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    async with _connected(dsn) as connection:
        return {"synchronous_commit": await connection.fetchval("SHOW synchronous_commit")}


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
