"""Who makes and removes the rows that operations work on: in a sandbox, or beside rows of others with a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.plan import KeyRange
    from perfengine.model.rows import RowStatements, TableCounts
    from perfengine.model.table import Table


class RowKeeper(Protocol):
    """Rows of a run, by table and number."""

    async def add(self, rows: RowStatements, keys: KeyRange) -> None:
        """Make the rows of a range. Raises: TargetError when the server refuses them."""

    async def expect(self, rows: RowStatements, keys: KeyRange) -> None:
        """Be told that attempts will make rows of a range."""

    async def remove(self, rows: RowStatements, keys: KeyRange) -> None:
        """Take the rows of a range out, whichever of them are there."""

    async def restore(self, rows: RowStatements, keys: KeyRange) -> None:
        """Make every row of a range what it was when it was made."""

    async def settle(self, tables: Iterable[Table]) -> None:
        """Let no dead rows and no stale statistics be in the way, as far as the tables are ours."""

    async def count(self, tables: Iterable[Table]) -> TableCounts:
        """Return rows and bytes of each table."""
