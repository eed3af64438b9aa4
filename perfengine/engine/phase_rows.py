"""The rows that the operations of a phase work on.

They are added before it, made anew between rounds or ahead of them, verified by key, and taken out after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.database.effects import add_counts, verify_effect
from perfengine.database.rows import count_satisfying
from perfengine.engine.rules import row_statements, states_of
from perfengine.errors import PlanError
from perfengine.model.generator import StateOf
from perfengine.model.operation import Effect, Kind, Pick
from perfengine.model.plan import KeyRange
from perfengine.model.rows import Claims, EffectCheck, Fate
from perfengine.model.workload import WhenExhausted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.database.effects import EffectCounts
    from perfengine.engine.filled import Filled
    from perfengine.model.operation import RowUse
    from perfengine.model.plan import OperationPlan, PhasePlan
    from perfengine.model.rows import RowStatements
    from perfengine.model.summary import RowCounts
    from perfengine.model.table import Table


_USING_UP = frozenset({Kind.SINGLE_TRANSITION, Kind.BULK_TRANSITION, Kind.DELETE})


class OperationRows:
    """The rows of one operation."""

    def __init__(
        self, plan: OperationPlan, use: RowUse, filled: Filled, when_exhausted: WhenExhausted
    ) -> None:
        self._plan = plan
        self._when_exhausted = when_exhausted
        self._use = use
        self._filled = filled
        self._last_round = 0
        self._checked: list[EffectCounts] = []
        self.table: Table = filled.source.tables[plan.operation.entity]

    def _statements(self) -> RowStatements:
        source = self._filled.guarded.get(self._plan.operation.name, self._filled.source)
        return row_statements(source, self.table.name, self._use.source_states)

    async def add(self) -> None:
        """Add the rows of the warm-up and of the first round. Raises: PlanError when no row satisfies a guard."""
        await self._add(self._plan.keys)

    async def _add(self, keys: KeyRange) -> None:
        statements, guard = self._statements(), self._use.guard
        if not keys.count:
            return
        if self._use.inserts:
            await self._filled.rows.expect(statements, keys)
            return
        await self._filled.rows.add(statements, keys)
        if guard is None:
            return
        fit = await count_satisfying(self._filled.connection, statements, keys, guard.expression)
        if fit < keys.count:  # the sample satisfied it, and rows further on do not
            name = self._plan.operation.name
            raise PlanError(
                f"{name}: {fit} of {keys.count} generated rows satisfy its guard ({guard.expression}); "
                f"leave it out: --exclude {name}"
            )

    async def add_ahead(self, round_number: int) -> None:
        """Add the rows of a round to come, where every round has rows of its own."""
        if self._plan.stride and self._use.consumed:
            self._last_round = round_number
            await self._add(self._of_round(round_number))

    def _of_round(self, number: int) -> KeyRange:
        return KeyRange(
            start=self._plan.first_row(number), count=self._use.per_attempt * self._plan.round_attempts
        )

    async def recycle(self, round_number: int) -> bool:
        """Make the rows new for a round to come, by key; return whether there was anything to do."""
        if not self._uses_up() or self._plan.stride or self._is_exhausted(round_number):
            return False
        await self.remove()
        await self._filled.rows.settle([self.table])
        await self._add(self._plan.keys)
        return True

    def _uses_up(self) -> bool:
        """Return whether attempts leave rows as no other attempt can use them, whoever found the rows."""
        kind = self._plan.operation.kind
        finds_its_own = self._use.pick is not Pick.CLAIM
        return self._use.consumed or (finds_its_own and kind in _USING_UP)

    def _is_exhausted(self, round_number: int) -> bool:
        """Return whether the rows stay used up from this round on."""
        if self._when_exhausted is not WhenExhausted.STOP or self._use.inserts:
            return False
        if self._plan.rows_for is None:
            return self._use.pick in {Pick.FIRST, Pick.LOCK}
        return round_number * self._plan.round_attempts >= self._plan.rows_for

    async def verify(self, claims: Claims) -> None:
        """Ask the database whether the rows of ok attempts, and no others, show the effect."""
        if not self._use.consumed or self._use.effect is Effect.NONE or not claims.fates:
            return
        state = next((c.name for c in self.table.columns if isinstance(c.generator, StateOf)), None)
        check = EffectCheck(effect=self._use.effect, state_column=state, target_state=self._use.target_state)
        found = await verify_effect(self._filled.connection, self._statements(), claims, check)
        self._checked.append(found)

    async def remove(self) -> None:
        """Take the rows out, and put back what the statements found for themselves in the data set."""
        statements, rows = self._statements(), self._filled.rows
        await rows.remove(statements, self._plan.keys)
        if self._plan.stride:
            for number in range(1, self._last_round + 1):
                await rows.remove(statements, self._of_round(number))
        if self._use.pick in {Pick.FIRST, Pick.LOCK}:
            await self._restore()

    async def _restore(self) -> None:
        source = self._filled.source
        keys = KeyRange(start=0, count=source.rows[self.table.name])
        statements = row_statements(source, self.table.name, states_of(self.table))
        await self._filled.rows.restore(statements, keys)

    def counts(self, at_start: int) -> RowCounts:
        """Return what the table held, and what the checks found."""
        return add_counts(at_start, self._checked)


class PhaseRows:
    """The rows of all operations of a phase."""

    def __init__(self, phase: PhasePlan, filled: Filled) -> None:
        self._filled = filled
        self._phase = phase
        self._rows = {
            plan.operation.name: OperationRows(plan, plan.operation.rows, filled, phase.when_exhausted)
            for plan in phase.operations
            if plan.operation.rows is not None
        }
        self._at_start: dict[str, int] = {}

    async def add(self) -> None:
        """Add all rows, and count the tables. Raises: PlanError, TargetError."""
        for rows in self._rows.values():
            await rows.add()
        await self._settle()
        counted = await self._filled.rows.count(self._read_tables())
        self._at_start = dict(counted.rows)

    def _read_tables(self) -> list[Table]:
        tables = self._filled.source.tables
        names = dict.fromkeys(plan.operation.entity for plan in self._phase.operations)
        return [tables[name] for name in names if name in tables]

    def _tables(self) -> list[Table]:
        return list({rows.table.name: rows.table for rows in self._rows.values()}.values())

    async def _settle(self) -> None:
        await self._filled.rows.settle(self._tables())

    async def recycle(self, round_number: int) -> None:
        """Make the rows new for a round to come, while nothing is measured."""
        if any([await rows.recycle(round_number) for rows in self._rows.values()]):
            await self._settle()

    async def add_ahead(self, round_number: int) -> None:
        """Add the rows of the next round while this one goes on."""
        for rows in self._rows.values():
            await rows.add_ahead(round_number)

    async def verify(self, claims: Iterable[Mapping[str, Claims]]) -> None:
        """Check the claims of all load processes together."""
        for name, claim in join_claims(claims).items():
            await self._rows[name].verify(claim)

    async def remove(self) -> None:
        """Take all rows out."""
        for rows in self._rows.values():
            await rows.remove()
        await self._settle()

    def counts(self, plan: OperationPlan) -> RowCounts | None:
        """Return the row counts of an operation; None where its table is none of the sandbox."""
        at_start = self._at_start.get(plan.operation.entity)
        if at_start is None:
            return None
        rows = self._rows.get(plan.operation.name)
        return rows.counts(at_start) if rows else add_counts(at_start, ())


def join_claims(parts: Iterable[Mapping[str, Claims]]) -> dict[str, Claims]:
    """Return the claims of one round, over all load processes: each attempt was taken by one of them at most."""
    joined: dict[str, list[Claims]] = {}
    for part in parts:
        for name, claims in part.items():
            joined.setdefault(name, []).append(claims)
    return {name: _join(claims) for name, claims in joined.items()}


def _join(claims: Sequence[Claims]) -> Claims:
    fates = bytearray(claims[0].fates)
    for other in claims[1:]:
        for place, fate in enumerate(other.fates):
            if fate != Fate.NOT_TAKEN:
                fates[place] = fate
    return Claims(first_row=claims[0].first_row, per_attempt=claims[0].per_attempt, fates=bytes(fates))
