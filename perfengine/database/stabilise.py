"""Bringing the tables of a sandbox into a state that can be had again: in memory, with statistics, at rest.

Nothing is left behind on the server and no setting is changed; autovacuum goes on as the server has it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import anyio
import asyncpg

from perfengine.database.transactions import rolled_back, transaction
from perfengine.model.sql import quote_identifier
from perfengine.model.stabilising import Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: How long autovacuum may take to be done with tables that were just filled.
AUTOVACUUM_WAIT_S: Final = 60.0
_POLL_S: Final = 0.2
_SCANS: Final = 2

_TABLES: Final = """
SELECT relname::text FROM pg_class
WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'm') ORDER BY relname
"""
_SIZES: Final = """
SELECT coalesce(sum(pg_table_size(oid) + pg_indexes_size(oid)), 0)::bigint AS bytes,
       (SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers') AS buffer_bytes
FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'm')
"""
_PREWARM: Final = """
SELECT coalesce(sum({function}(oid::regclass)), 0)::bigint
FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'm', 'i')
"""
_INSTALLED: Final = """
SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'pg_prewarm'
"""
#: Every role sees locks; who holds them only some do. On tables of a sandbox nobody else takes this one.
_AT_WORK: Final = """
SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND c.relnamespace = to_regnamespace($1) AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_backend_pid()
"""


async def stabilise(
    connection: asyncpg.Connection, schema: str, *, autovacuum_wait_s: float = AUTOVACUUM_WAIT_S
) -> list[tuple[Step, float, bool, str]]:
    """Do every step on the tables of a schema; return for each what it took in seconds, whether it was done, and how.

    What the role may not do is said, and no failure.
    """
    name = quote_identifier(schema)

    async def wait() -> tuple[bool, str]:
        return await _wait_for_autovacuum(connection, name, autovacuum_wait_s)

    steps: dict[Step, Callable[[], Awaitable[tuple[bool, str]]]] = {
        Step.PREWARM: lambda: _prewarm(connection, name),
        Step.ANALYZE: lambda: _analyze(connection, name),
        Step.AUTOVACUUM: wait,
        Step.CHECKPOINT: lambda: _checkpoint(connection),
    }
    taken = []
    for step, work in steps.items():
        began = time.perf_counter()
        done, detail = await work()
        taken.append((step, time.perf_counter() - began, done, detail))
    return taken


async def _prewarm(connection: asyncpg.Connection, schema: str) -> tuple[bool, str]:
    sizes = await connection.fetchrow(_SIZES, schema)
    if sizes["bytes"] > sizes["buffer_bytes"]:
        return await _scan(connection, schema, "the tables are larger than shared_buffers")
    try:
        blocks = await _prewarm_blocks(connection, schema)
    except asyncpg.PostgresConnectionError:
        raise
    except asyncpg.PostgresError as error:
        return await _scan(connection, schema, f"pg_prewarm cannot be had: {error.args[0]}")
    return True, f"pg_prewarm read {blocks} blocks"


async def _prewarm_blocks(connection: asyncpg.Connection, schema: str) -> int:
    """Return how many blocks were read; an extension that was made for it is gone again, what it read stays."""
    installed = await connection.fetchval(_INSTALLED)
    if installed:
        return int(await connection.fetchval(_PREWARM.format(function=f"{installed}.pg_prewarm"), schema))
    async with rolled_back(connection):
        await connection.execute(f"CREATE EXTENSION pg_prewarm SCHEMA {schema}")
        return int(await connection.fetchval(_PREWARM.format(function=f"{schema}.pg_prewarm"), schema))


async def _scan(connection: asyncpg.Connection, schema: str, why: str) -> tuple[bool, str]:
    """Read every table twice, whole: an index alone would leave its table cold."""
    tables = await _tables(connection, schema)
    async with transaction(connection):
        for kind in ("indexscan", "indexonlyscan", "bitmapscan"):
            await connection.execute(f"SET LOCAL enable_{kind} = off")
        for table in tables * _SCANS:
            await connection.execute(f"SELECT count(*) FROM {table}")
    return True, f"{_SCANS} scans of {_count(tables)} instead: {why}"


async def _analyze(connection: asyncpg.Connection, schema: str) -> tuple[bool, str]:
    tables = await _tables(connection, schema)
    for table in tables:
        await connection.execute(f"ANALYZE {table}")
    return True, _count(tables)


async def _wait_for_autovacuum(
    connection: asyncpg.Connection, schema: str, most_s: float
) -> tuple[bool, str]:
    waited = False
    with anyio.move_on_after(most_s):
        while await connection.fetchval(_AT_WORK, schema):
            waited = True
            await anyio.sleep(_POLL_S)
        return True, "waited until it was done" if waited else "it was not at work"
    return False, f"still at work after {most_s:g} s"


async def _checkpoint(connection: asyncpg.Connection) -> tuple[bool, str]:
    try:
        await connection.execute("CHECKPOINT")
    except asyncpg.InsufficientPrivilegeError:
        return False, "the role may not; grant pg_checkpoint, or expect one during the load"
    return True, ""


async def _tables(connection: asyncpg.Connection, schema: str) -> list[str]:
    rows = await connection.fetch(_TABLES, schema)
    return [f"{schema}.{quote_identifier(row['relname'])}" for row in rows]


def _count(tables: list[str]) -> str:
    return f"{len(tables)} table{'' if len(tables) == 1 else 's'}"
