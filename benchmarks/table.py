"""The table that every arm but perfengine loads: made as perfengine makes its own in its sandbox. And the server."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import asyncpg

from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from benchmarks.workload import Filling


#: A session that ends tells its counts before it is gone; one that was killed is gone within this.
_PATIENCE_S: Final = 10.0
#: The transaction of tpcb.yaml writes some 50 MB of log a second at first: a page each, as after every checkpoint.
_LOG_ROOM: Final = "8GB"
_CLIENTS_SQL: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
_COMMITS_SQL: Final = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"


def make_table(dsn: str, filling: Filling) -> None:
    """Make the table anew, so that no arm works on the dead rows of the one before it, and checkpoint."""
    asyncio.run(_make_table(dsn, filling))


def make_bare_table(dsn: str, filling: Filling) -> None:
    """Make the table anew, empty and without its key."""
    asyncio.run(_make_bare_table(dsn, filling))


def fill_table(dsn: str, filling: Filling) -> None:
    """Fill the empty table with the rows that perfengine makes."""
    asyncio.run(_fill_table(dsn, filling))


def execute(dsn: str, statements: Sequence[str]) -> None:
    """Execute the statements, each on its own."""
    asyncio.run(_execute(dsn, statements))


def count_commits(dsn: str) -> int:
    """Return how many transactions the server has committed in the database so far, once all clients have left."""
    return asyncio.run(_count_commits(dsn))


def configure_server(dsn: str) -> Mapping[str, str]:
    """Let nothing wait for the disk, and return the settings as new sessions find them.

    Load generators are compared here. If commits wait, an update is as fast as the disk lets it be and all arms are
    alike: 6 000 updates a second from pgbench and from Locust on the machine where this was written. And a checkpoint
    within a phase would slow down one arm and not the next: with room for its log there is none but before each arm.
    """
    return asyncio.run(_configure_server(dsn))


async def _make_table(dsn: str, filling: Filling) -> None:
    await _make_bare_table(dsn, filling)
    await _fill_table(dsn, filling)
    name = quote_identifier(filling.table.name)
    async with _connected(dsn) as connection:
        for statement in (*constraints_ddl(filling.table), f"VACUUM (ANALYZE) {name}", "CHECKPOINT"):
            await connection.execute(statement)


async def _make_bare_table(dsn: str, filling: Filling) -> None:
    async with _connected(dsn) as connection:
        await connection.execute(f"DROP TABLE IF EXISTS {quote_identifier(filling.table.name)}")
        await connection.execute(create_table_ddl(filling.table))


async def _fill_table(dsn: str, filling: Filling) -> None:
    async with _connected(dsn) as connection:
        await connection.execute(filling.insert_sql, 0, filling.rows - 1, filling.anchor, 0)


async def _execute(dsn: str, statements: Sequence[str]) -> None:
    async with _connected(dsn) as connection:
        for statement in statements:
            await connection.execute(statement)


async def _count_commits(dsn: str) -> int:
    async with _connected(dsn) as connection, asyncio.timeout(_PATIENCE_S):
        while await connection.fetchval(_CLIENTS_SQL):  # noqa: ASYNC110 - nothing tells when a session has ended
            await asyncio.sleep(0.1)
        commits: int = await connection.fetchval(_COMMITS_SQL)
        return commits


async def _configure_server(dsn: str) -> Mapping[str, str]:
    async with _connected(dsn) as connection:
        database = quote_identifier(await connection.fetchval("SELECT current_database()"))
        await connection.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
        await connection.execute(f"ALTER SYSTEM SET max_wal_size = '{_LOG_ROOM}'")
        await connection.execute("SELECT pg_reload_conf()")
    async with _connected(dsn) as connection, asyncio.timeout(_PATIENCE_S):
        while await connection.fetchval("SHOW max_wal_size") != _LOG_ROOM:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.1)
        names = ("synchronous_commit", "max_wal_size")
        return {name: await connection.fetchval(f"SHOW {name}") for name in names}


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
