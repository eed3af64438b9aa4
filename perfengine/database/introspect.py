"""Asking a server's catalog, and a few bounded questions about rows that are there: nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

#: A question about rows may find a table without a fitting index: it is given up after so long.
QUESTION_TIMEOUT_S = 10


async def ask_catalog(
    connection: asyncpg.Connection, session_sql: str, queries: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return the row that `session_sql` gives, and the rows of each query: one snapshot, with an empty search path.

    Raises: asyncpg.PostgresError as the server does.
    """
    session = dict(await connection.fetchrow(session_sql))
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("SET LOCAL search_path TO ''")
        answers = {name: [dict(row) for row in await connection.fetch(sql)] for name, sql in queries.items()}
    return session, answers


async def ask_values(connection: asyncpg.Connection, sql: str) -> tuple[str, ...]:
    """Return the column `value` of a query, read in a read-only transaction with a time limit.

    Raises: asyncpg.PostgresError as the server does.
    """
    async with connection.transaction(readonly=True):
        # days and instants are read from their texts
        await connection.execute(
            f"SET LOCAL statement_timeout TO '{QUESTION_TIMEOUT_S}s'; SET LOCAL datestyle TO ISO"
        )
        return tuple(row["value"] for row in await connection.fetch(sql))
