"""Before anything is left on existing tables: rows of ours, and each operation once, rehearsed and rolled back.

So it shows early what cannot be measured here: a right that is missing, a trigger that diverts or keeps rows, an
operation that changes rows of others. And which other tables are written to, which a report must say.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from perfengine.database.quoted import shown
from perfengine.database.rehearsal import rehearsal
from perfengine.database.rehearsed import count_strangers, count_there, partitions_of, try_statement
from perfengine.database.removal import table_removal
from perfengine.database.rows import add_rows
from perfengine.datagen.arguments import arguments_of
from perfengine.datagen.keys_sql import ledger_key_sql
from perfengine.engine.rules import row_statements, states_of
from perfengine.errors import PlanError
from perfengine.model.elsewhere import Elsewhere, Writes
from perfengine.model.operation import Group, Kind
from perfengine.model.plan import KeyRange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from perfengine.database.rehearsal import Rehearsal
    from perfengine.datagen.layout import RowSource
    from perfengine.engine.existing.ledger_rows import LedgerRows
    from perfengine.engine.rules import RuleValues
    from perfengine.model.existing_plan import ExistingPlan
    from perfengine.model.operation import RowUse
    from perfengine.model.plan import OperationPlan, Plan
    from perfengine.model.rows import RowStatements
    from perfengine.model.table import Table

    Made = tuple[RowStatements, KeyRange]

#: Rows of each table that are made to try.
SAMPLE_ROWS: Final = 20
#: SQLSTATE read_only_sql_transaction.
_WRITES: Final = "25006"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What the rehearsal has shown."""

    elsewhere: tuple[Elsewhere, ...] = ()
    #: by the plan's name of a table: tables that refer to it, and that our operations write to
    taken_along: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class ExistingRehearsal:
    """The rehearsal of a plan on existing tables."""

    def __init__(
        self,
        rows: LedgerRows,
        plan: Plan,
        existing: ExistingPlan,
        source: RowSource,
        guarded: Mapping[str, RowSource],
        rule_values: RuleValues,
        anchor: datetime,
    ) -> None:
        self._rows = rows
        self._connection = rows.connection
        self._plan = plan
        self._source = _small(source)
        self._guarded = {name: _small(one) for name, one in guarded.items()}
        self._rule_values = rule_values
        self._anchor = anchor
        self._stays = not existing.rolled_back
        self._incoming = {use.name: use.incoming for use in existing.uses}
        self._names = {table.sql: table.name for table in source.tables.values()}
        self._elsewhere: dict[tuple[str, str], Writes] = {}
        self._problems: list[str] = []

    async def run(self) -> Rehearsed:
        """Return what was seen; the tables are as they were.

        Raises: PlanError with everything that speaks against the run, TargetError for rows that the server refuses.
        """
        await self._rehearse_rows()
        for item in self._plan.operations if not self._problems else ():
            await self._rehearse_operation(item)
        if self._problems:
            raise PlanError("\n".join(self._problems))
        elsewhere = [
            Elsewhere(relation=relation, by=by, writes=writes)
            for (relation, by), writes in self._elsewhere.items()
        ]
        return Rehearsed(elsewhere=tuple(elsewhere), taken_along=self._taken_along())

    def _taken_along(self) -> dict[str, tuple[str, ...]]:
        written = {relation for (relation, _), writes in self._elsewhere.items() if writes.inserted}
        return {
            name: tuple(dict.fromkeys(one.table.sql for one in incoming if one.table.sql in written))
            for name, incoming in self._incoming.items()
        }

    async def _rehearse_rows(self) -> None:
        """Make rows of every table and delete them again."""
        async with rehearsal(self._connection) as trial:
            made = await self._data_set()
            for table in self._source.tables.values():
                await self._require_there(made[table.name])
            written = await trial.written()
            for relation, writes in written.items():
                if relation not in self._names:
                    self._note(relation, f"making rows of {self._makers(relation, written)}", writes)
            for name in reversed(made):
                await self._rehearse_removal(trial, made[name])

    def _makers(self, relation: str, written: Mapping[str, Writes]) -> str:
        return ", ".join(shown(name) for name in written if name in self._names and name != relation)

    async def _data_set(self) -> dict[str, Made]:
        made = {}
        for table in self._source.tables.values():
            statements = row_statements(self._source, table.name, states_of(table))
            keys = KeyRange(start=0, count=self._source.rows[table.name])
            await add_rows(self._connection, statements, keys, self._anchor)
            made[table.name] = (statements, keys)
        return made

    async def _require_there(self, made: Made) -> None:
        rows, keys = made
        there = await count_there(self._connection, made)
        if there != keys.count:
            self._problems.append(
                f"{shown(rows.table.sql)}: of {keys.count} rows that were inserted {there} are there: a trigger or a "
                "rule diverts them"
            )

    async def _rehearse_removal(self, trial: Rehearsal, made: Made) -> None:
        if self._problems:
            return
        (rows, keys), before = made, await trial.written()
        entry = replace(
            await self._rows.entry_of(rows.table, keys), taken_along=self._taken_along()[rows.table.name]
        )
        removal = await table_removal(self._connection, entry, ledger_key_sql(entry))
        left = (await removal.remove(wait=True)).left if removal else ()
        if left:
            self._problems.append(
                f"{shown(rows.table.sql)}: rows of ours could not be deleted again: {left[0].why}; "
                "--read-only makes none"
            )
            return
        for relation, writes in _since(before, await trial.written()).items():
            if relation not in self._names and not self._refers(rows.table, relation):
                self._note(relation, f"deleting rows of {shown(rows.table.sql)}", writes)

    def _refers(self, table: Table, relation: str) -> bool:
        return any(one.table.sql == relation for one in self._incoming.get(table.name, ()))

    def _note(self, relation: str, by: str, writes: Writes) -> None:
        before = self._elsewhere.get((relation, by), Writes())
        self._elsewhere[relation, by] = before.plus(writes)

    async def _rehearse_operation(self, item: OperationPlan) -> None:
        """Try what nobody rolls back: a statement that says it reads is run as it is, whatever is said of others."""
        operation = item.operation
        if operation.group is Group.OWN and operation.read_only and operation.sql:
            await self._rehearse_reading(item)
        elif operation.rows is not None and self._stays:
            await self._rehearse(item, operation.rows)

    async def _rehearse(self, item: OperationPlan, use: RowUse) -> None:
        """Make an attempt of an operation, and look at what it wrote."""
        async with rehearsal(self._connection) as trial:
            operation, made = item.operation, await self._data_set()
            source = self._guarded.get(operation.name, self._source)
            statements = row_statements(source, operation.entity, use.source_states)
            own = KeyRange(start=item.keys.start, count=use.per_attempt)
            if not use.inserts:
                await add_rows(self._connection, statements, own, self._anchor)
            before, places = await trial.written(), await partitions_of(self._connection, (statements, own))
            (arguments,) = arguments_of(
                operation,
                source,
                anchor=self._anchor,
                rule_values=self._rule_values.get(operation.entity, {}),
                first_row=own.start,
                first_attempt=0,
                attempts=[0],
                rows=use.per_attempt,
            )
            if await try_statement(self._connection, operation.sql, arguments) is not None:
                return  # refused: nothing is written
            ours = defaultdict(list, {name: [one] for name, one in made.items()})
            ours[operation.entity].append((statements, own))
            found = _since(before, await trial.written())
            if operation.entity in map(self._names.get, found):
                relation = self._source.tables[operation.entity].sql
                after = await partitions_of(self._connection, (statements, own))
                found[relation] = _moved(found[relation], places, after)
            for relation, writes in found.items():
                name = self._names.get(relation)
                if name is None:
                    self._note(relation, operation.name, writes)
                elif not _is_expected(item, use, name, writes):
                    await self._require_ours(item, ours[name], writes)

    async def _rehearse_reading(self, item: OperationPlan) -> None:
        """See to it that a statement of the author's own, which says that it reads, does."""
        async with rehearsal(self._connection):
            await self._data_set()
            await try_statement(self._connection, "SET TRANSACTION READ ONLY", ())
            (arguments,) = arguments_of(
                item.operation,
                self._source,
                anchor=self._anchor,
                rule_values={},
                first_row=0,
                first_attempt=0,
                attempts=[0],
                rows=1,
            )
            if await try_statement(self._connection, item.operation.sql, arguments) == _WRITES:
                remedy = (
                    "roll it back with --rollback" if self._stays else "take that out, and it is rolled back"
                )
                self._problems.append(
                    f"{item.operation.name} says read_only: true, and writes; {remedy}, or leave it out: "
                    f"--exclude {item.operation.name}"
                )

    async def _require_ours(self, item: OperationPlan, ours: Sequence[Made], writes: Writes) -> None:
        relation, name = shown(ours[0][0].table.sql), item.operation.name
        strangers = await count_strangers(self._connection, ours)
        if writes.deleted:
            self._problems.append(
                f"{name} deletes rows of {relation} ({writes.shown}); leave it out with --exclude {name}"
            )
        elif strangers is None:
            self._problems.append(
                f"{name} writes more in {relation} than its own rows ({writes.shown}), and the table is too large "
                "to look whose they are; --rollback rolls it back"
            )
        elif strangers:
            self._problems.append(
                f"{name} writes {strangers} rows of {relation} that are not perfengine's; leave it out with "
                f"--exclude {name}, or roll it back with --rollback"
            )


def _is_expected(item: OperationPlan, use: RowUse, name: str, writes: Writes) -> bool:
    """Return whether writes are no more than what an attempt has rows for."""
    own = use.per_attempt if name == item.operation.entity else 0
    return (
        writes.inserted <= (own if use.inserts else 0)
        and writes.updated <= (0 if use.inserts else own)
        and writes.deleted <= (own if item.operation.kind is Kind.DELETE else 0)
    )


def _moved(writes: Writes, before: Mapping[str, int], after: Mapping[str, int]) -> Writes:
    """Return the writes with a row of ours that went to another partition as one that was updated.

    The server counts it as deleted there and inserted here.
    """
    moved = sum(before.get(key, place) != place for key, place in after.items())
    return replace(
        writes,
        inserted=writes.inserted - moved,
        updated=writes.updated + moved,
        deleted=writes.deleted - moved,
    )


def _small(source: RowSource) -> RowSource:
    return replace(source, rows={name: min(rows, SAMPLE_ROWS) for name, rows in source.rows.items()})


def _since(before: Mapping[str, Writes], after: Mapping[str, Writes]) -> dict[str, Writes]:
    found = {name: writes.minus(before.get(name, Writes())) for name, writes in after.items()}
    return {name: writes for name, writes in found.items() if writes.any}
