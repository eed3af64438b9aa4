"""Rows of the sandbox: added, removed and counted by key range.

Keys are functions of the row index, so nothing is read back, and what a phase added is removed by naming exactly
the same keys again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from perfengine.database.failures import classify, in_full
from perfengine.database.transactions import transaction
from perfengine.errors import InternalError, PlanError, TargetError
from perfengine.model.ddl import drop_references_ddl, references_ddl
from perfengine.model.existing import OF_SESSION
from perfengine.model.rows import RowStatements, TableCounts
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from perfengine.model.plan import KeyRange
    from perfengine.model.table import Table

#: Rows of one statement: about a second of work, well inside any statement timeout.
CHUNK_ROWS = 100_000
#: From here on references are checked in bulk.
BULK_ROWS = 10_000


async def add_rows(
    connection: asyncpg.Connection, rows: RowStatements, keys: KeyRange, anchor: datetime
) -> None:
    """Insert the rows of a key range, computed on the server.

    Raises: TargetError when the server refuses them.
    """
    try:
        for first in range(keys.start, keys.stop, CHUNK_ROWS):
            last = min(first + CHUNK_ROWS, keys.stop) - 1
            await connection.execute(rows.insert_sql, first, last, anchor, keys.start)
    except asyncpg.PostgresError as error:
        raise TargetError(f'rows for table "{rows.table.name}" were refused: {in_full(error)}') from error


async def add_many_rows(
    connection: asyncpg.Connection, rows: RowStatements, keys: KeyRange, anchor: datetime
) -> None:
    """Insert the rows of a key range into a table with constraints; many of them with its references lifted.

    A foreign key checked row by row takes several times as long as the row itself, checked in bulk next to nothing.
    One transaction: the table is never seen without its constraints.

    Raises: TargetError when the server refuses them.
    """
    lifted = keys.count >= BULK_ROWS
    try:
        async with transaction(connection):
            for statement in drop_references_ddl(rows.table) if lifted else ():
                await connection.execute(statement)
            await add_rows(connection, rows, keys, anchor)
            for statement in references_ddl(rows.table) if lifted else ():
                await connection.execute(statement)
    except asyncpg.PostgresError as error:
        raise TargetError(f'rows for table "{rows.table.name}" were refused: {in_full(error)}') from error


async def restore_rows(
    connection: asyncpg.Connection, rows: RowStatements, keys: KeyRange, anchor: datetime
) -> None:
    """Make every row of a key range what it was when it was added: changed ones anew, missing ones again."""
    key = quote_identifier(rows.table.key.name)
    names = [quote_identifier(column.name) for column in rows.table.columns[1:]]
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in names)
    action = f"UPDATE SET {changes}" if names else "NOTHING"
    restoring = RowStatements(
        table=rows.table,
        insert_sql=f"{rows.insert_sql}\nON CONFLICT ({key}) DO {action}",
        key_sql=rows.key_sql,
    )
    await add_rows(connection, restoring, keys, anchor)


async def remove_rows(connection: asyncpg.Connection, rows: RowStatements, keys: KeyRange) -> None:
    """Delete the rows of a key range, whichever of them are still there."""
    table, key = rows.table.sql, quote_identifier(rows.table.key.name)
    delete = (
        f"DELETE FROM {table} USING (SELECT {rows.key_sql} AS id FROM generate_series($1::bigint, $2::bigint) "
        f"AS g(i)) AS k WHERE {table}.{key} = k.id"
    )
    for first in range(keys.start, keys.stop, CHUNK_ROWS):
        await connection.execute(delete, first, min(first + CHUNK_ROWS, keys.stop) - 1)


async def settle(connection: asyncpg.Connection, tables: Iterable[Table]) -> None:
    """VACUUM and ANALYZE, so that reads meet neither dead rows nor stale statistics."""
    for table in tables:
        await connection.execute(f"VACUUM (ANALYZE) {table.sql}")


async def count_rows(connection: asyncpg.Connection, tables: Iterable[Table]) -> TableCounts:
    """Return rows and bytes of each table, counted, not estimated."""
    rows, size_bytes = {}, {}
    for table in tables:
        rows[table.name] = await connection.fetchval(f"SELECT count(*) FROM {table.sql}")
        size_bytes[table.name] = await connection.fetchval("SELECT pg_relation_size($1::regclass)", table.sql)
    return TableCounts(rows=rows, size_bytes=size_bytes)


async def count_satisfying(
    connection: asyncpg.Connection, rows: RowStatements, keys: KeyRange, expression: str
) -> int:
    """Return how many rows of a key range satisfy an SQL expression over their columns.

    Raises: PlanError when the server cannot evaluate it.
    """
    table, key = rows.table.sql, quote_identifier(rows.table.key.name)
    query = (
        f"SELECT count(*) FROM {table} JOIN (SELECT {rows.key_sql} AS pe_key FROM "
        f"generate_series($1::bigint, $2::bigint) AS g(i)) AS k ON {table}.{key} = k.pe_key "
        f"WHERE ({expression}\n)"
    )
    try:
        return int(await connection.fetchval(query, keys.start, keys.stop - 1))
    except asyncpg.PostgresError as error:
        if classify(error, writes=False).lost:
            raise
        raise PlanError(f'"{rows.table.name}" cannot be asked for ({expression}): {error.args[0]}') from error


async def empty(connection: asyncpg.Connection, table: Table) -> None:
    """Take all rows out of a table of the sandbox, or of this session: sample rows, before its data set goes in.

    Raises: InternalError for any other table.
    """
    if table.place is not None and table.place.schema != OF_SESSION:
        raise InternalError(f"{table.sql} is not ours: it is never emptied")
    await connection.execute(f"TRUNCATE {table.sql}")
