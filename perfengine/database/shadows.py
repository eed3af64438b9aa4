"""Tables of this session alone: they go with it, and nobody else sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from perfengine.errors import TargetError
from perfengine.model.ddl import create_table_ddl
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.table import Column, Table


async def make_shadow(connection: asyncpg.Connection, shadow: Table) -> None:
    """Make the table, which has its place in the session's own schema, without constraints.

    Raises: TargetError when the role may not.
    """
    try:
        await connection.execute(create_table_ddl(shadow))
    except asyncpg.InsufficientPrivilegeError as error:
        raise TargetError(
            f"rows for {shadow.name} cannot be tried before they are put in: {error.args[0]}; "
            "GRANT TEMPORARY ON DATABASE"
        ) from error


async def drop_shadow(connection: asyncpg.Connection, shadow: Table) -> None:
    """Drop the table, unless its session is gone already."""
    if not connection.is_closed():
        await connection.execute(f"DROP TABLE IF EXISTS {shadow.sql}")


async def repeated_values(connection: asyncpg.Connection, shadow: Table, column: Column) -> int:
    """Return how many rows have a value that another row has, too; nulls equal nothing."""
    name = quote_identifier(column.name)
    return int(await connection.fetchval(f"SELECT count({name}) - count(DISTINCT {name}) FROM {shadow.sql}"))
