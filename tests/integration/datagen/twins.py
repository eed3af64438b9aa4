"""The same rows twice: made by the server in a table, and by Python, written through the driver into its twin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfengine.datagen.rows_sql import insert_rows_sql, key_sql
from perfengine.datagen.values import column_values
from perfengine.model.ddl import create_table_ddl
from perfengine.model.generator import StateOf
from perfengine.model.sql import quote_identifier
from tests.tables import ANCHOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from perfengine.datagen.layout import RowSource
    from perfengine.model.table import Table

Rows = list[tuple[Any, ...]]


async def rows_of_server(
    connection: asyncpg.Connection,
    source: RowSource,
    table: Table,
    indexes: range,
    states: Sequence[str] = (),
) -> Rows:
    """Return the rows that the server makes of `indexes`, in their order; found again by the keys it computes."""
    await connection.execute(create_table_ddl(table))
    insert = insert_rows_sql(source, table, states)
    await connection.execute(insert, indexes[0], indexes[-1], ANCHOR, indexes[0])
    return await _in_order(connection, source, table, table.name, indexes)


async def rows_of_python(
    connection: asyncpg.Connection, source: RowSource, table: Table, indexes: range
) -> Rows:
    """Return the rows that Python makes of `indexes`, as the server holds them after the driver wrote them."""
    twin = replace(table, name="twin")
    await connection.execute(create_table_ddl(twin))
    makers = [column_values(source, table, column, ANCHOR) for column in table.columns]
    places = ", ".join(f"${number}" for number in range(1, len(makers) + 1))
    await connection.executemany(
        f'INSERT INTO "twin" VALUES ({places})', [tuple(make(index) for make in makers) for index in indexes]
    )
    return await _in_order(connection, source, table, twin.name, indexes)


async def _in_order(
    connection: asyncpg.Connection, source: RowSource, table: Table, stored_as: str, indexes: range
) -> Rows:
    key = quote_identifier(table.key.name)
    keys = (
        f"SELECT i, {key_sql(source.seed, table, 'i')} FROM generate_series($1::bigint, $2::bigint) AS g(i)"
    )
    query = (
        f"SELECT t.* FROM ({keys}) AS k(number, made) JOIN {quote_identifier(stored_as)} AS t ON t.{key} = made"
        " ORDER BY number"
    )
    return [tuple(row) for row in await connection.fetch(query, indexes[0], indexes[-1])]


def without_states(table: Table, rows: Rows) -> Rows:
    """Return the rows without their state: which state a seeded row is in is the demand's choice."""
    kept = [n for n, column in enumerate(table.columns) if not isinstance(column.generator, StateOf)]
    return [tuple(row[n] for n in kept) for row in rows]
