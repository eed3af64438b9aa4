"""Existing tables of a run that only reads: nothing is made there, and nothing is removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from perfengine.database.estimates import count_or_estimate
from perfengine.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.database.connect import Connection
    from perfengine.model.plan import KeyRange
    from perfengine.model.rows import RowStatements, TableCounts
    from perfengine.model.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOfOthers:
    """Counts rows, and touches none."""

    connection: Connection

    async def add(self, rows: RowStatements, keys: KeyRange) -> None:
        """Never."""
        _refuse(rows, keys)

    async def expect(self, rows: RowStatements, keys: KeyRange) -> None:
        """Never."""
        _refuse(rows, keys)

    async def remove(self, rows: RowStatements, keys: KeyRange) -> None:
        """Never."""
        _refuse(rows, keys)

    async def restore(self, rows: RowStatements, keys: KeyRange) -> None:
        """Never."""
        _refuse(rows, keys)

    async def settle(self, tables: Iterable[Table]) -> None:
        """Nothing."""

    async def count(self, tables: Iterable[Table]) -> TableCounts:
        """Return rows and bytes of each table; of a large one the server's estimate."""
        return await count_or_estimate(self.connection, tables)


def _refuse(rows: RowStatements, keys: KeyRange) -> NoReturn:
    raise InternalError(f"{rows.table.sql}: no rows {keys.start} to {keys.stop - 1} in a run that only reads")
