"""One phase of a run, from its rows to its summaries: add rows, warm up, measure in rounds, verify, take them out."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anyio

from perfengine.database.connect import in_plain_words
from perfengine.engine.events import PhaseBegan
from perfengine.engine.messages import (
    DealRound,
    Dealt,
    Leave,
    Left,
    MeasureRound,
    RoundDone,
    TakeOn,
    WarmedUp,
)
from perfengine.engine.phase_rows import PhaseRows
from perfengine.errors import PerfengineError, TargetError, leaf
from perfengine.metrics.summary import summarise
from perfengine.model.load import OpenLoad
from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence

    from perfengine.engine.canary import RunCanary
    from perfengine.engine.events import Watch
    from perfengine.engine.filled import Filled
    from perfengine.engine.interrupt import Interrupt
    from perfengine.engine.load_group import LoadGroup
    from perfengine.engine.phase_watch import PhaseWatch
    from perfengine.model.plan import PhasePlan
    from perfengine.model.rows import Claims
    from perfengine.model.summary import OperationSummary

    Held = dict[str, Claims]

#: All load processes begin a round at the same instant: by then each has been told of it.
HEAD_START_NS = 30 * NS_PER_MS


class PhaseRun:
    """The run of one phase. `run` may be called once."""

    def __init__(  # noqa: PLR0913 - the wiring of a phase
        self,
        phase: PhasePlan,
        filled: Filled,
        load: LoadGroup,
        limits_ns: dict[str, tuple[int, ...]],
        interrupt: Interrupt,
        watch: Watch,
        seen: PhaseWatch,
        *,
        connections: int,
        shards: int,
        canary: RunCanary | None = None,
    ) -> None:
        self._phase = phase
        self._filled = filled
        self._load = load
        self._limits_ns = limits_ns
        self._interrupt = interrupt
        self._watch = watch
        self._seen = seen
        self._connections = connections
        self._shards = shards
        self._canary = canary
        self._rows = PhaseRows(phase, filled)
        self._rounds_done = 0
        self.lost: PerfengineError | None = None  #: why the run cannot go on after this phase
        self.trouble: str | None = None  #: what went wrong beside the measurement

    async def run(self, number: int, total: int) -> tuple[OperationSummary, ...]:
        """Return the summaries; partial, with `cut_short` set, when it was interrupted or something was lost.

        Raises: TargetError, InternalError when nothing could be measured, PlanError when no row satisfies a guard.
        """
        with in_plain_words(self._filled.address):
            await self._rows.add()
        self._began("warm-up", number, total)
        task = TakeOn(
            phase=self._phase,
            shards=self._shards,
            connections=self._connections,
            rule_values=self._filled.rule_values,
            limits_ns=self._limits_ns,
        )
        warm_up = await self._load.ask(task, WarmedUp, lambda _: None, first=self._shards)
        if any(plan.operation.python for plan in self._phase.operations):
            with in_plain_words(self._filled.address):
                await self._filled.adopt()  # what a class made in its set-up
        with in_plain_words(self._filled.address):
            await self._silence()
        self._began("measure", number, total)
        cut_short = await self._rounds(warm_up)
        run_over = number == total or self._seen.why_stop is not None
        await self._or_lost(self._silence(phase_over=True, run_over=run_over))
        self._began("clean up", number, total)
        await self._finish()
        return self._summaries(warm_up, str(self.lost) if self.lost else cut_short)

    def _began(self, phase: str, number: int, total: int) -> None:
        self._watch(PhaseBegan(phase=phase, plan=self._phase, number=number, total=total))

    async def _silence(self, *, phase_over: bool = False, run_over: bool = False) -> None:
        """No attempt is under way: give the canary its turn, unless a signal wants the run to end."""
        if self._canary and not self._interrupt.requested:
            elapsed_ns = self._seen.tally.elapsed_ns
            await self._canary.silence(elapsed_ns, phase_over=phase_over, run_over=run_over)

    async def _rounds(self, warm_up: Sequence[WarmedUp]) -> str | None:
        """Measure round after round until the iterations or the duration are done; return what cut it short."""
        number = taken = elapsed_ns = 0
        held: list[Held] = [dict(part.claims) for part in warm_up]
        while True:
            done = await self._round(number, taken, elapsed_ns)
            if done is None:
                return None
            self._rounds_done = number + 1
            taken += sum(part.taken for part in done)
            elapsed_ns = self._elapsed(done)
            for claims in (held, [dict(part.claims) for part in done]):
                await self._or_lost(self._rows.verify(claims))
            cut_short = self._why_cut_short(taken, elapsed_ns, done)
            if cut_short or self._is_done(taken, elapsed_ns) or not any(part.taken for part in done):
                return cut_short
            await self._or_lost(self._silence())
            number, held = number + 1, []
            await self._or_lost(self._rows.recycle(number))
            if self.lost:
                return str(self.lost)

    def _elapsed(self, done: Sequence[RoundDone]) -> int:
        """Return the measured time so far; of an open load, where its schedule goes on."""
        furthest = min if isinstance(self._phase.load, OpenLoad) else max
        return furthest(part.elapsed_ns for part in done)

    async def _round(self, number: int, taken: int, elapsed_ns: int) -> list[RoundDone] | None:
        """Return what the load processes answer; None when one is lost, and then why is kept."""
        phase = self._phase
        left = phase.round_attempts if phase.iterations is None else phase.iterations - taken
        limit_ns = phase.timeout_ns if phase.duration_ns is None else min(phase.timeout_ns, phase.duration_ns)
        deal = DealRound(number=number, attempts=min(phase.round_attempts, left))
        try:
            await self._load.ask(deal, Dealt, self._seen, first=self._shards)
            task = MeasureRound(
                window_ns=max(0, limit_ns - elapsed_ns),
                begin_ns=time.perf_counter_ns() + HEAD_START_NS,
                elapsed_ns=elapsed_ns,
                first_arrival=taken,
            )
            async with self._beside(number + 1):
                return await self._load.ask(task, RoundDone, self._seen, first=self._shards)
        except PerfengineError as error:
            self.lost = error
            if not sum(self._seen.tally.totals):
                raise
            return None

    @asynccontextmanager
    async def _beside(self, round_number: int) -> AsyncIterator[None]:
        """Add the rows of the next round meanwhile, where it has its own, and stop the load when a rule says so."""
        try:
            async with anyio.create_task_group() as rows, anyio.create_task_group() as rules:
                rows.start_soon(self._add_ahead, round_number)
                rules.start_soon(self._stop_when_told)
                yield
                rules.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise leaf(group) from group

    async def _add_ahead(self, round_number: int) -> None:
        await self._or_lost(self._rows.add_ahead(round_number))

    async def _stop_when_told(self) -> None:
        await self._seen.stopping.wait()
        await self._load.stop()

    def _is_done(self, taken: int, elapsed_ns: int) -> bool:
        phase = self._phase
        over = phase.duration_ns is not None and elapsed_ns >= phase.duration_ns
        return over or (phase.iterations is not None and taken >= phase.iterations)

    def _why_cut_short(self, taken: int, elapsed_ns: int, done: Sequence[RoundDone]) -> str | None:
        lost = next((part.lost for part in done if part.lost), None)
        if lost:
            self.lost = TargetError(lost)  # it says more than what the run's own session met with
            return lost
        if self._seen.why_stop:
            return self._seen.why_stop
        unfinished = any(part.unfinished for part in self._seen.tally.freeze())
        if self._is_done(taken, elapsed_ns) and not unfinished:
            return None
        if self._interrupt.requested:
            return "interrupted"
        if elapsed_ns >= self._phase.timeout_ns:
            return f"its time of {self._phase.timeout_ns / 1e9:g} s was over"
        return None

    async def _finish(self) -> None:
        """Tear down and take the rows out; after a signal the whole sandbox goes, and with it they."""
        if self.lost is None:
            try:
                left = await self._load.ask(Leave(), Left, lambda _: None, first=self._shards)
            except PerfengineError as error:  # what was measured is kept
                self.lost = error
            else:
                self.trouble = next((part.trouble for part in left if part.trouble), None)
        if not self._interrupt.requested:
            await self._or_lost(self._rows.remove())

    def _summaries(self, warm_up: Sequence[WarmedUp], cut_short: str | None) -> tuple[OperationSummary, ...]:
        summaries = []
        for plan, measured in zip(self._phase.operations, self._seen.tally.freeze(), strict=True):
            name = plan.operation.name
            measurement = replace(
                measured,
                warmup_attempts=sum(part.attempts[name] for part in warm_up),
                warmup_failures=sum(part.failures[name] for part in warm_up),
                clients=self._phase.clients,
                rounds=self._rounds_done,
            )
            rows = None if self.lost else self._rows.counts(plan)
            summaries.append(
                summarise(
                    self._phase,
                    plan,
                    measurement,
                    connections=self._connections,
                    cut_short=cut_short,
                    rows=rows,
                )
            )
        return tuple(summaries)

    async def _or_lost(self, work: Coroutine[Any, Any, None]) -> None:
        """Work on the run's own connection; a server that is lost meanwhile ends the run and keeps its figures."""
        if self.lost is not None:
            work.close()
            return
        try:
            with in_plain_words(self._filled.address):
                await work
        except TargetError as error:
            self.lost = error


def require_lock(filled: Filled) -> None:
    """Raise TargetError when the run's own session, which holds the run's lock, is gone."""
    if filled.connection.is_closed():
        raise TargetError("the run's own session was ended by the server: the run cannot go on safely")
