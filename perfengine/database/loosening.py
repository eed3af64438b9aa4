"""Rows of ours that keep each other, in a circle that operations have closed: their references are set to null.

No row of others is touched: both the row that refers and the one that it refers to must be in the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from perfengine.database.failures import classify
from perfengine.database.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.database.incoming import Incoming
    from perfengine.database.removal import TableRemoval


async def loosen(
    connection: asyncpg.Connection, parents: Sequence[TableRemoval], children: Sequence[TableRemoval]
) -> int:
    """Return how many references to rows of ours in `parents` were set to null in rows of ours in `children`.

    Those that cannot be null stay. Raises: what the driver raises of a server that is lost.
    """
    loosened = 0
    for parent in parents:
        for one in parent.incoming:
            for child in children:
                if child.relation == one.child:
                    loosened += await _loosen(connection, parent, one, child)
    return loosened


async def _loosen(
    connection: asyncpg.Connection, parent: TableRemoval, one: Incoming, child: TableRemoval
) -> int:
    nulls = ", ".join(f"{column} = NULL" for column in one.columns)
    try:
        async with transaction(connection):
            done = await connection.execute(
                f"UPDATE {child.relation} AS c SET {nulls} FROM {parent.relation} AS t WHERE {one.join_of('c', 't')} "
                f"AND t.{parent.key} IN ({parent.keys_sql}) AND c.{child.key} IN ({child.keys_sql})"
            )
    except asyncpg.PostgresError as error:
        if classify(error, writes=False).lost:
            raise
        return 0
    return int(done.split()[-1])
