"""Rows of ours beside those of others: written down in the ledger before they are made, taken out by key."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

from perfengine.database.emptying import loosen_entries, take_out
from perfengine.database.estimates import count_or_estimate, oid_of
from perfengine.database.quoted import shown
from perfengine.database.removal import table_removal
from perfengine.database.rows import add_rows
from perfengine.datagen.keys_sql import ledger_key_sql
from perfengine.datagen.layout import key_stream
from perfengine.engine.existing.removal_words import left_lines
from perfengine.errors import InternalError, TargetError
from perfengine.model.entity import FieldType
from perfengine.model.ledger import LedgerEntry, Removal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from perfengine.database.connect import Connection
    from perfengine.database.ledger import Ledger
    from perfengine.model.ledger import LeftRow
    from perfengine.model.plan import KeyRange
    from perfengine.model.rows import RowStatements, TableCounts
    from perfengine.model.table import Table

_WHOLE_NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.BIGINT})


class LedgerRows:
    """Makes and removes rows of ours on existing tables."""

    def __init__(self, ledger: Ledger, seed: int, anchor: datetime) -> None:
        self._ledger = ledger
        self._seed = seed
        self._anchor = anchor
        self._numbers = count(1)
        self._entries: dict[tuple[str, KeyRange], LedgerEntry] = {}
        self._left: dict[tuple[str, KeyRange], tuple[LeftRow, ...]] = {}
        #: by the plan's name of a table, those whose rows go with rows of ours that they refer to
        self.taken_along: Mapping[str, tuple[str, ...]] = {}
        self.removal = Removal()  #: of all that was taken out

    @property
    def connection(self) -> Connection:
        """The run's own."""
        return self._ledger.connection

    async def add(self, rows: RowStatements, keys: KeyRange) -> None:
        """Make the rows of a range, written down first. Raises: TargetError when the server refuses them."""
        await self.expect(rows, keys)
        await add_rows(self._ledger.connection, rows, keys, self._anchor)

    async def expect(self, rows: RowStatements, keys: KeyRange) -> None:
        """Write down rows that attempts will make. Raises: TargetError where rows with such keys are there."""
        if (rows.table.name, keys) in self._entries:
            return
        left = self._left.get((rows.table.name, keys))
        if left:
            raise TargetError("; ".join(left_lines(left)))
        entry = await self.entry_of(rows.table, keys)
        table = await table_removal(self._ledger.connection, entry, ledger_key_sql(entry))
        there = await table.count() if table else 0
        if there:
            raise TargetError(
                f"{shown(entry.relation)} has {there} rows with keys that were to be ours: an earlier run left them; "
                "`perfengine cleanup` deletes them"
            )
        await self._ledger.write(entry)
        self._entries[rows.table.name, keys] = entry

    async def entry_of(self, table: Table, keys: KeyRange) -> LedgerEntry:
        """Return what the ledger says of rows of a range; nothing is written."""
        if table.place is None:
            raise InternalError(f"{table.name} is no existing table")
        is_number = table.key.field.type in _WHOLE_NUMBERS
        return LedgerEntry(
            number=next(self._numbers),
            relation=table.sql,
            relation_oid=await oid_of(self._ledger.connection, table.sql),
            key=table.key.name,
            seed=str(self._seed),
            stream="" if is_number else key_stream(table.name, table.key_salt),
            first_key=table.first_key,
            first_row=keys.start,
            last_row=keys.stop - 1,
            taken_along=self.taken_along.get(table.name, ()),
        )

    async def remove(self, rows: RowStatements, keys: KeyRange) -> None:
        """Take the rows of a range out; those that cannot go now stay in the ledger, for the end of the run."""
        entry = self._entries.pop((rows.table.name, keys), None)
        if entry is None:
            return
        taken = await take_out(self._ledger, [entry], ledger_key_sql, wait=True)
        if taken.left and await loosen_entries(self._ledger, [entry], ledger_key_sql):
            again = await take_out(self._ledger, [entry], ledger_key_sql, wait=True)
            taken = replace(taken.plus(again), left=again.left)
        self.removal = self.removal.plus(Removal(removed=taken.removed, taken_along=taken.taken_along))
        if taken.left:
            self._left[rows.table.name, keys] = taken.left

    async def restore(self, rows: RowStatements, keys: KeyRange) -> None:
        """Nothing finds rows for itself here, so none is to be put back."""
        raise InternalError(f"{rows.table.sql}: rows from {keys.start} on are never put back")

    async def settle(self, tables: Iterable[Table]) -> None:
        """Nothing: the tables are not ours to vacuum. Autovacuum will."""

    async def count(self, tables: Iterable[Table]) -> TableCounts:
        """Return rows and bytes of each table, rows of others too; of a large one the server's estimate."""
        return await count_or_estimate(self._ledger.connection, tables)
