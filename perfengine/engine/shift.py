"""What a load process does with one message: wires datagen, database, execution and metrics around the load loop."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.custom.bind import FoundOperations
from perfengine.database.failures import is_about_target
from perfengine.database.target import AsyncpgTarget
from perfengine.datagen.layout import RowSource
from perfengine.engine.dealing import Dealer
from perfengine.engine.load_shape import LoadShape
from perfengine.engine.messages import Dealt, Left, RoundDone, Shard, WarmedUp
from perfengine.engine.observation import Observation
from perfengine.engine.own_steps import draws_of
from perfengine.engine.raw_part import RawPart
from perfengine.engine.shift_patience import patience_of
from perfengine.errors import InternalError, TargetError
from perfengine.execution.alarm import open_alarm
from perfengine.execution.crew import Crew
from perfengine.execution.link import Equipment
from perfengine.execution.round import Round
from perfengine.execution.window import NEVER_NS, Window
from perfengine.pgbench.bind import BoundScripts

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.custom.code import Code
    from perfengine.engine.dealing import Hand
    from perfengine.engine.messages import DealRound, Introduction, MeasureRound, TakeOn
    from perfengine.execution.transaction import Rests
    from perfengine.model.operation import Operation
    from perfengine.model.plan import PhasePlan

clock = time.perf_counter_ns


class Shift:
    """The state of a load process between messages: its crew, and the phase they are on."""

    def __init__(
        self, run: Introduction, tell: Callable[[object], None], in_process: Code | None = None
    ) -> None:
        """`in_process` are operations that are callables of this very process."""
        self._run = run
        self._tell = tell
        self._source = RowSource(
            seed=run.seed, tables={table.name: table for table in run.tables}, rows=run.data_rows
        )
        self._python = FoundOperations(
            draws_of(self._source, run.anchor),
            in_process=in_process,
            prepare=not run.settings.pooled,
            process=run.index,
        )
        target = AsyncpgTarget(address=run.address, settings=run.settings)
        self._crew = Crew(target, clock)
        self._target = target
        self._raw = RawPart(run.raw, run.index) if run.raw else None
        self._alarm = open_alarm()
        #: of attempts that pause: what releases everybody when the window is closed would make them too short
        self._rest_alarm = open_alarm()
        self._phase: _Phase | None = None
        self._hand: Hand | None = None
        self._window = Window()
        self._stopped = False

    def stop(self) -> None:
        """Hand out no more work."""
        self._stopped = True
        self._window.close(clock())

    def blames_target(self, error: BaseException) -> bool:
        """Return whether an exception is the database's doing rather than ours."""
        return isinstance(error, TargetError) or is_about_target(error)

    async def take_on(self, task: TakeOn) -> WarmedUp:
        """Connect, prepare and warm up for a phase. Raises: TargetError."""
        plan, shard = task.phase, Shard(index=self._run.index, count=task.shards)
        shape = LoadShape(plan.load, shard, self._run.seed, clock)
        phase = self._phase = _Phase(
            plan=plan,
            shape=shape,
            dealer=Dealer(plan, shard, self._source, self._run.anchor, task.rule_values),
            observation=Observation(plan, shard, task.limits_ns, self._tell, self._raw),
            scripts=BoundScripts(self._run.seed, first=shard.index, step=shard.count),
            rests_of=lambda operation: shape.rests(operation, self._rest_alarm),
        )
        await self._crew.take_on(
            self._equipment(phase),
            clients=shard.part_of(plan.clients),
            connections=shard.part_of(task.connections),
            patience=patience_of(plan, self._run.settings.statement_limit_ns, phase.rests_of),
        )
        hand = phase.dealer.warm_up()
        await self._warm_up(phase, hand)
        attempts, failures = phase.observation.warmed_up()
        return WarmedUp(attempts=attempts, failures=failures, claims=hand.claims(plan.operations))

    async def _warm_up(self, phase: _Phase, hand: Hand) -> None:
        now_ns, plan = clock(), phase.plan
        round_ = self._open_round(phase, hand, None if plan.warmup_ns is None else now_ns + plan.warmup_ns)
        if plan.warmup_ns is None:
            await self._crew.warm_up(round_, plan.warmup_attempts // plan.clients)
        else:
            await phase.shape.steady().run(self._crew, round_, begin_ns=now_ns)

    def deal(self, task: DealRound) -> Dealt:
        """Make the attempts of a round ready."""
        self._hand = self._begun().dealer.round(task.number, task.attempts)
        return Dealt()

    async def measure(self, task: MeasureRound) -> RoundDone:
        """Measure the round that was dealt; a server that stays away ends it, and what was measured is kept."""
        phase, hand = self._begun(), self._hand
        if hand is None:
            raise InternalError("a round is dealt before it is measured")
        end_ns = None if task.window_ns is None else task.begin_ns + task.window_ns
        round_ = self._open_round(phase, hand, end_ns)
        lost = None
        async with phase.observation.round(task.begin_ns, task.elapsed_ns, task.lead_ns):
            try:
                await phase.shape.run(
                    self._crew,
                    round_,
                    begin_ns=task.begin_ns,
                    elapsed_ns=task.elapsed_ns,
                    first_arrival=task.first_arrival,
                )
            except TargetError as error:
                lost = str(error)
        until_ns = self._measured_until(round_, task)
        phase.observation.end_round(until_ns)
        taken, elapsed_ns = hand.script.taken, phase.observation.elapsed_ns
        if (
            round_.arrivals is not None
        ):  # what was dropped was due as well, and the schedule waits for no drain
            taken, elapsed_ns = round_.arrivals.taken, task.elapsed_ns + until_ns - task.begin_ns
        claims = hand.claims(phase.plan.operations)
        return RoundDone(claims=claims, taken=taken, elapsed_ns=elapsed_ns, lost=lost)

    def _open_round(self, phase: _Phase, hand: Hand, end_ns: int | None) -> Round:
        self._window = Window(NEVER_NS if end_ns is None else end_ns)
        self._window.at_close(self._alarm.release)
        if self._stopped:
            self._window.close(clock())
        return Round(
            script=hand.script,
            window=self._window,
            alarm=self._alarm,
            recorders=phase.observation.recorders,
            start_delay_ns=phase.observation.start_delay_ns,
            pool=self._crew.pool,
        )

    def _measured_until(self, round_: Round, task: MeasureRound) -> int:
        """Return the instant up to which was measured, whether an attempt ended then or not.

        A window that was waited out has been measured whole; the schedule of an open load goes on with its next
        arrival.
        """
        if self._window.stopped:
            return task.begin_ns
        if round_.arrivals is not None:
            return min(round_.arrivals.next_due_ns, self._window.end_ns)
        return self._window.end_ns if self._window.end_ns <= clock() else task.begin_ns

    def _equipment(self, phase: _Phase) -> Equipment:
        return Equipment(
            operations=[plan.operation for plan in phase.plan.operations],
            recorders=phase.observation.recorders,
            target=self._target,
            rests=phase.rests_of,
            python=self._python,
            scripts=phase.scripts,
        )

    async def leave(self) -> Left:
        """Let Python operations tear down."""
        try:
            await self._crew.leave()
        except Exception as error:  # noqa: BLE001 - the run says it, and goes on
            return Left(trouble=f"{type(error).__name__}: {error}")
        return Left()

    def _begun(self) -> _Phase:
        if self._phase is None:
            raise InternalError("a load process takes on a phase before it measures")
        return self._phase

    async def end(self) -> None:
        """Close all connections, and the part of the raw attempts."""
        if self._raw:
            self._raw.close()
        try:
            await self._crew.dismiss()
        finally:
            self._alarm.close()
            self._rest_alarm.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phase:
    plan: PhasePlan
    shape: LoadShape
    dealer: Dealer
    observation: Observation
    scripts: BoundScripts
    rests_of: Callable[[Operation], Rests]
