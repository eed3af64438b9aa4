"""The rows of a sandbox: it is ours, and goes with all that is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.database.rows import add_many_rows, count_rows, remove_rows, restore_rows, settle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from perfengine.database.connect import Connection
    from perfengine.model.plan import KeyRange
    from perfengine.model.rows import RowStatements, TableCounts
    from perfengine.model.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRows:
    """Makes and removes rows of a sandbox."""

    connection: Connection
    anchor: datetime

    async def add(self, rows: RowStatements, keys: KeyRange) -> None:
        """Make the rows of a range. Raises: TargetError when the server refuses them."""
        await add_many_rows(self.connection, rows, keys, self.anchor)

    async def expect(self, rows: RowStatements, keys: KeyRange) -> None:
        """Nothing: whatever is in the sandbox is ours."""

    async def remove(self, rows: RowStatements, keys: KeyRange) -> None:
        """Take the rows of a range out, whichever of them are there."""
        await remove_rows(self.connection, rows, keys)

    async def restore(self, rows: RowStatements, keys: KeyRange) -> None:
        """Make every row of a range what it was when it was made."""
        await restore_rows(self.connection, rows, keys, self.anchor)

    async def settle(self, tables: Iterable[Table]) -> None:
        """VACUUM and ANALYZE."""
        await settle(self.connection, tables)

    async def count(self, tables: Iterable[Table]) -> TableCounts:
        """Return rows and bytes of each table, counted."""
        return await count_rows(self.connection, tables)
