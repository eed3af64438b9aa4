"""The sandbox of a plan on a real server, made without the engine: for tests of what the compiler writes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg

from perfengine.datagen.layout import RowSource
from perfengine.datagen.rows_sql import insert_rows_sql
from perfengine.model.ddl import constraints_ddl, create_table_ddl

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from perfengine.model.plan import Plan

ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)


def connected(database: str, work: Callable[[asyncpg.Connection], Awaitable[None]]) -> None:
    """Run `work` with a connection to the database."""

    async def run() -> None:
        connection = await asyncpg.connect(database)
        try:
            await work(connection)
        finally:
            await connection.close()

    asyncio.run(run())


async def build(connection: asyncpg.Connection, plan: Plan) -> None:
    """Make tables, constraints and functions of a plan where the search path leads."""
    for table in plan.tables:
        await connection.execute(create_table_ddl(table))
    for table in plan.tables:
        for statement in constraints_ddl(table):
            await connection.execute(statement)
    for function in plan.functions:
        await connection.execute(function.ddl)


async def fill(
    connection: asyncpg.Connection, plan: Plan, table: str, rows: int, states: tuple[str, ...] = ()
) -> None:
    """Add the first `rows` rows of a table, in `states` by turns."""
    source = RowSource(seed=plan.seed, tables={t.name: t for t in plan.tables}, rows=plan.data_rows)
    await connection.execute(insert_rows_sql(source, plan.table(table), states), 0, rows - 1, ANCHOR, 0)
