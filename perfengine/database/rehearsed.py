"""What is asked of rows while something is rehearsed: which are there, which go, and whose were changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg

from perfengine.database.estimates import COUNTED_BYTES, size_bytes_of
from perfengine.database.failures import classify
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.plan import KeyRange
    from perfengine.model.rows import RowStatements

    Made = tuple[RowStatements, KeyRange]


async def try_statement(connection: asyncpg.Connection, sql: str, arguments: Sequence[Any]) -> str | None:
    """Run a statement; return the SQLSTATE that the server refused it with, None when it did not."""
    try:
        await connection.fetch(sql, *arguments)
    except asyncpg.PostgresError as error:
        if classify(error, writes=False).lost:
            raise
        return str(error.sqlstate)
    return None


async def count_there(connection: asyncpg.Connection, made: Made) -> int:
    """Return how many of some rows are there."""
    rows, keys = made
    key = quote_identifier(rows.table.key.name)
    query = f"SELECT count(*) FROM {rows.table.sql} AS t JOIN ({_keys_sql(rows)}) AS k ON t.{key} = k.id"
    return int(await connection.fetchval(query, keys.start, keys.stop - 1))


async def partitions_of(connection: asyncpg.Connection, made: Made) -> dict[str, int]:
    """Return in which partition each of some rows is, as its oid, by key as text; else in which table."""
    rows, keys = made
    key = quote_identifier(rows.table.key.name)
    query = (
        f"SELECT t.{key}::text AS key, t.tableoid::bigint AS place FROM {rows.table.sql} AS t "
        f"JOIN ({_keys_sql(rows)}) AS k ON t.{key} = k.id"
    )
    return {row["key"]: row["place"] for row in await connection.fetch(query, keys.start, keys.stop - 1)}


async def count_strangers(connection: asyncpg.Connection, made: Sequence[Made]) -> int | None:
    """Return how many rows of others this transaction has written in a table; None where it is too large to look.

    `made` are all rows of ours there. A row says which transaction wrote it; one that is younger than ours and not
    ours was written by us, or by somebody else in this very moment.
    """
    rows, _ = made[0]
    if await size_bytes_of(connection, rows.table.sql) > COUNTED_BYTES:
        return None
    key, arguments = quote_identifier(rows.table.key.name), []
    ours = []
    for number, (statements, keys) in enumerate(made):
        ours.append(
            f"SELECT {statements.key_sql} AS id FROM generate_series(${2 * number + 1}::bigint,"
            f" ${2 * number + 2}::bigint) AS g(i)"
        )
        arguments += [keys.start, keys.stop - 1]
    query = (
        f"SELECT count(*) FROM {rows.table.sql} AS t WHERE age(t.xmin) <= age(pg_current_xact_id()::xid) "
        f"AND NOT EXISTS (SELECT FROM ({' UNION ALL '.join(ours)}) AS k WHERE k.id = t.{key})"
    )
    return int(await connection.fetchval(query, *arguments))


def _keys_sql(rows: RowStatements) -> str:
    return f"SELECT {rows.key_sql} AS id FROM generate_series($1::bigint, $2::bigint) AS g(i)"
