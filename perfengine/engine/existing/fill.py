"""Rows of ours on existing tables: keys drawn, everything rehearsed, the data set put in."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from perfengine.database.estimates import has_sequence
from perfengine.database.quoted import shown
from perfengine.database.rehearsal import counts_writes
from perfengine.engine.existing.counts import count_tables
from perfengine.engine.existing.keys import keys_of_this_run, needs_sequence
from perfengine.engine.existing.ledger_rows import LedgerRows
from perfengine.engine.existing.rehearsal import ExistingRehearsal, Rehearsed
from perfengine.engine.existing.rules import heed_existing
from perfengine.engine.filled import Filled
from perfengine.engine.rules import row_statements, states_of
from perfengine.errors import InternalError, PlanError, SafetyError
from perfengine.model.plan import KeyRange

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.database.ledger import Ledger
    from perfengine.datagen.layout import RowSource
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress

#: What to do about writes elsewhere.
LEAVE: Final = (
    "what is written there stays when the run is over: allow it with --allow-writes-elsewhere, leave the operations "
    "out with --exclude, or make no rows with --read-only"
)


class Filling:
    """Puts rows of ours into existing tables; what it came to know on the way is for whoever takes them out."""

    def __init__(self, planned: PlannedRun, ledger: Ledger, address: Address, progress: Progress) -> None:
        existing = planned.plan.existing
        if existing is None:
            raise InternalError("a plan for existing tables says which")
        self._existing = existing
        self._plan = replace(
            planned.plan, tables=keys_of_this_run(planned.plan.tables, secrets.SystemRandom())
        )
        self._address = address
        self._progress = progress
        self.ledger = ledger
        self.rows = LedgerRows(ledger, planned.plan.seed, progress.started_at)
        self.rehearsed = Rehearsed()
        self.before: dict[str, int | None] = {}  #: rows of our tables
        self.before_elsewhere: dict[str, int | None] = {}  #: rows of others that are written to

    @property
    def rolls_back(self) -> bool:
        """Whether every attempt that writes is rolled back."""
        return self._existing.rolled_back

    async def fill(self) -> Filled:
        """Return the tables, ready to be loaded. Raises: PlanError, TargetError."""
        connection = self.ledger.connection
        await self._require_keys_apart()
        source, rule_values, guarded = await heed_existing(connection, self._plan, self._progress.started_at)
        rehearsal = ExistingRehearsal(
            self.rows, self._plan, self._existing, source, guarded, rule_values, self._progress.started_at
        )
        self.rehearsed = await rehearsal.run()
        self._require_leave()
        if not await counts_writes(connection):
            self._progress.notes.append(
                "track_counts is off: what triggers and functions write elsewhere cannot be told"
            )
        self.rows.taken_along = self.rehearsed.taken_along
        self.before = await count_tables(connection, [table.sql for table in source.tables.values()])
        written = dict.fromkeys(one.relation for one in self.rehearsed.elsewhere)
        self.before_elsewhere = await count_tables(connection, list(written))
        await self._put_in(source)
        return Filled(
            connection=connection,
            address=self._address,
            source=source,
            anchor=self._progress.started_at,
            rows=self.rows,
            rule_values=rule_values,
            guarded=guarded,
            seeding_s=self._progress.seeding_s,
        )

    def _require_leave(self) -> None:
        """Raise SafetyError when something would stay, or go, that is not ours, and nobody has said that it may."""
        if self._existing.writes_elsewhere:
            return
        lines = [
            f"{one.by} also writes {shown(one.relation)}: {one.writes.shown} at a time"
            for one in self.rehearsed.elsewhere
        ]
        lines += [
            f"rows of {shown(child)} that refer to rows of perfengine would be deleted with them, whoever wrote them"
            for child in dict.fromkeys(chain.from_iterable(self.rehearsed.taken_along.values()))
        ]
        if lines:
            raise SafetyError("\n".join((*lines, LEAVE)))

    async def _require_keys_apart(self) -> None:
        """Raise PlanError for tables in which a key of others might come to lie among ours."""
        problems = [
            f"{shown(table.sql)}: a condition speaks of its key {table.key.name}, and no sequence gives it: keys of "
            "rows of ours could not be kept apart from those of others; --read-only needs none"
            for table in self._plan.tables
            if needs_sequence(table)
            and not await has_sequence(self.ledger.connection, table.sql, table.key.name)
        ]
        if problems:
            raise PlanError("\n".join(problems))

    async def _put_in(self, source: RowSource) -> None:
        """Make the data set, parents first."""
        seeding_s = {}
        for table in source.tables.values():
            began = time.perf_counter()
            keys = KeyRange(start=0, count=source.rows[table.name])
            if keys.count:
                await self.rows.add(row_statements(source, table.name, states_of(table)), keys)
            seeding_s[table.name] = time.perf_counter() - began
        self._progress.seeding_s = seeding_s
