"""Statements that a workload runs itself before and after the load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import asyncpg

from perfengine.database.failures import classify
from perfengine.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN: Final = 120


async def run_statements(connection: asyncpg.Connection, statements: Iterable[str], what: str) -> None:
    """Run the statements in order; `what` is the key they were written under.

    Raises: PlanError naming a statement that the server refuses; what the driver raises when the connection is lost.
    """
    for statement in statements:
        try:
            await connection.execute(statement)
        except asyncpg.PostgresError as error:
            if classify(error, writes=False).lost:
                raise
            shown = " ".join(statement.split())
            shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 3] + "..."
            raise PlanError(f"{what}: {error.args[0]} (SQLSTATE {error.sqlstate}), in: {shown}") from error
