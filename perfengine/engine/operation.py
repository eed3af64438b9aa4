"""One operation, from its rows to its summary: add rows, warm up, measure in rounds, verify, take the rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.database.connect import in_plain_words
from perfengine.database.effects import EffectCounts, add_counts, verify_effect
from perfengine.database.rows import add_many_rows, count_rows, count_satisfying, remove_rows, settle
from perfengine.engine.events import PhaseBegan
from perfengine.engine.messages import MeasureRound, RoundDone, TakeOn, WarmedUp
from perfengine.engine.rules import row_statements
from perfengine.errors import PlanError, TargetError
from perfengine.metrics.summary import summarise
from perfengine.model.generator import StateOf
from perfengine.model.operation import Effect
from perfengine.model.rows import EffectCheck

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from perfengine.engine.events import Watch
    from perfengine.engine.fill import FilledSandbox
    from perfengine.engine.interrupt import Interrupt
    from perfengine.engine.load_process import LoadProcess
    from perfengine.model.plan import OperationPlan
    from perfengine.model.rows import Claims, RowStatements
    from perfengine.model.summary import OperationSummary
    from perfengine.model.table import Table


class OperationRun:
    """The run of one operation. `run` may be called once."""

    def __init__(
        self,
        plan: OperationPlan,
        filled: FilledSandbox,
        load: LoadProcess,
        limits_ns: tuple[int, ...],
        interrupt: Interrupt,
        watch: Watch,
    ) -> None:
        self._plan = plan
        self._filled = filled
        self._load = load
        self._limits_ns = limits_ns
        self._interrupt = interrupt
        self._watch = watch
        self._table: Table = filled.source.tables[plan.operation.entity]
        self._checked: list[EffectCounts] = []
        self._lost: str | None = None

    async def run(self, number: int, total: int) -> OperationSummary:
        """Return the summary; partial, with `cut_short` set, when it was interrupted or the server was lost.

        Raises: TargetError when nothing could be measured, PlanError when no row satisfies a guard.
        """
        with in_plain_words(self._filled.address):
            await self._add_rows()
            at_start = (await count_rows(self._filled.connection, [self._table])).rows[self._table.name]
        self._watch(PhaseBegan(phase="warm-up", plan=self._plan, number=number, total=total))
        values = self._filled.rule_values.get(self._table.name, {})
        task = TakeOn(plan=self._plan, rule_values=values, limits_ns=self._limits_ns)
        warm_up = await self._load.ask(task, WarmedUp, self._watch)
        self._watch(PhaseBegan(phase="measure", plan=self._plan, number=number, total=total))
        done, cut_short = await self._rounds(warm_up)
        self._watch(PhaseBegan(phase="clean up", plan=self._plan, number=number, total=total))
        await self._or_lost(self._finish())
        rows = None if self._lost else add_counts(at_start, self._checked)
        return summarise(self._plan, done.measurement, cut_short=self._lost or cut_short, rows=rows)

    @property
    def lost(self) -> str | None:
        """Why the run cannot go on after this operation, if it cannot."""
        return self._lost

    def _statements(self) -> RowStatements:
        operation = self._plan.operation
        source = self._filled.guarded.get(operation.name, self._filled.source)
        return row_statements(
            source, self._table.name, operation.rows.source_states if operation.rows else ()
        )

    async def _add_rows(self) -> None:
        rows, connection = self._plan.operation.rows, self._filled.connection
        if rows is None or rows.inserts:
            return
        await add_many_rows(connection, self._statements(), self._plan.keys, self._filled.anchor)
        await settle(connection, [self._table])
        if rows.guard is None:
            return
        guard, keys = rows.guard.expression, self._plan.keys
        fit = await count_satisfying(connection, self._statements(), keys, guard)
        if fit < keys.count:  # the sample satisfied it, and rows further on do not
            raise PlanError(
                f"{self._plan.operation.name}: {fit} of {keys.count} generated rows satisfy its guard ({guard}); "
                f"leave it out: --exclude {self._plan.operation.name}"
            )

    async def _rounds(self, warm_up: WarmedUp) -> tuple[RoundDone, str | None]:
        """Measure round after round until the iterations or the duration are done."""
        taken, measured_ns, attempts = 0, 0, 0
        claims: list[Claims | None] = [warm_up.claims]
        while True:
            done = await self._load.ask(self._next_round(taken, measured_ns), RoundDone, self._watch)
            taken += done.taken
            measured_ns = done.measurement.measured_ns
            self._lost = done.lost
            await self._or_lost(self._verify([*claims, done.claims]))
            cut_short = self._why_cut_short(taken, measured_ns, done)
            # a round without an attempt: the time left was too short for one
            if cut_short or self._is_done(taken, measured_ns) or done.measurement.attempts == attempts:
                return done, cut_short
            attempts = done.measurement.attempts
            await self._or_lost(self._recycle())
            if self._lost:
                return done, self._lost
            claims = []

    def _next_round(self, taken: int, measured_ns: int) -> MeasureRound:
        plan = self._plan
        left = plan.round_attempts if plan.iterations is None else plan.iterations - taken
        limit_ns = plan.timeout_ns if plan.duration_ns is None else min(plan.timeout_ns, plan.duration_ns)
        rows = plan.operation.rows
        return MeasureRound(
            attempts=min(plan.round_attempts, left),
            first_attempt=plan.warmup_attempts + taken,
            window_ns=max(0, limit_ns - measured_ns),
            repeat=plan.iterations is None and not (rows and rows.consumed),
        )

    def _is_done(self, taken: int, measured_ns: int) -> bool:
        plan = self._plan
        over = plan.duration_ns is not None and measured_ns >= plan.duration_ns
        return over or (plan.iterations is not None and taken >= plan.iterations)

    def _why_cut_short(self, taken: int, measured_ns: int, done: RoundDone) -> str | None:
        if self._lost:
            return self._lost
        if self._is_done(taken, measured_ns) and not done.measurement.unfinished:
            return None
        if self._interrupt.requested:
            return "interrupted"
        if measured_ns >= self._plan.timeout_ns:
            return f"its time of {self._plan.timeout_ns / 1e9:g} s was over"
        return None

    async def _verify(self, claims: list[Claims | None]) -> None:
        check = self._effect()
        if check is None:
            return
        for item in claims:
            if item is not None and item.last_row >= item.first_row:
                self._checked.append(
                    await verify_effect(self._filled.connection, self._statements(), item, check)
                )

    def _effect(self) -> EffectCheck | None:
        rows = self._plan.operation.rows
        if rows is None or not rows.consumed or rows.effect is Effect.NONE:
            return None
        state = next((c.name for c in self._table.columns if isinstance(c.generator, StateOf)), None)
        return EffectCheck(effect=rows.effect, state_column=state, target_state=rows.target_state)

    async def _recycle(self) -> None:
        """Make the rows new for the next round, by key, while nothing is measured."""
        rows = self._plan.operation.rows
        if rows is None or not rows.consumed:
            return
        await remove_rows(self._filled.connection, self._statements(), self._plan.keys)
        await settle(self._filled.connection, [self._table])
        await self._add_rows()

    async def _finish(self) -> None:
        """Take the rows out; after a signal the whole sandbox goes, and with it they."""
        if self._plan.operation.rows is not None and not self._interrupt.requested:
            await remove_rows(self._filled.connection, self._statements(), self._plan.keys)
            await settle(self._filled.connection, [self._table])

    async def _or_lost(self, work: Coroutine[Any, Any, None]) -> None:
        """Work on the run's own connection; a server that is lost meanwhile ends the run and keeps its figures."""
        if self._lost is not None:
            work.close()
            return
        try:
            with in_plain_words(self._filled.address):
                await work
        except TargetError as error:
            self._lost = str(error)


def require_lock(filled: FilledSandbox) -> None:
    """Raise TargetError when the run's own session, which holds the run's lock, is gone."""
    if filled.connection.is_closed():
        raise TargetError("the run's own session was ended by the server: the run cannot go on safely")
