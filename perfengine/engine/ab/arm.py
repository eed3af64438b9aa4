"""One arm at work: its rows, its load process and connections, new for every pair, and its turns."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.database.connect import Role, SessionSettings, in_plain_words
from perfengine.database.preflight import connections_for
from perfengine.database.sandbox import schema_of
from perfengine.engine.ab.samples import slice_of
from perfengine.engine.load_group import LoadGroup
from perfengine.engine.messages import (
    DealRound,
    Dealt,
    Introduction,
    Leave,
    Left,
    MeasureRound,
    RoundDone,
    TakeOn,
    WarmedUp,
)
from perfengine.engine.phase import HEAD_START_NS, require_lock
from perfengine.engine.phase_rows import PhaseRows
from perfengine.errors import InternalError, TargetError
from perfengine.metrics.tally import Tally
from perfengine.model.load import OpenLoad
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.database.address import Address
    from perfengine.engine.ab.planning import PlannedArm
    from perfengine.engine.ab.renewable import RenewableLoad
    from perfengine.engine.ab.samples import Slice
    from perfengine.engine.filled import Filled
    from perfengine.engine.progress import Progress
    from perfengine.model.plan import PhasePlan
    from perfengine.model.rows import Claims

#: Warm-up of new connections, at most: the server and its caches are warm.
_RENEWED_WARMUP_NS = NS_PER_S // 2


class Arm:
    """One side of the comparison, ready to be loaded. A phase is begun, measured in slices, and ended."""

    def __init__(
        self, arm: PlannedArm, address: Address, filled: Filled, load: RenewableLoad, progress: Progress
    ) -> None:
        self.letter = arm.letter
        self._planned = arm.planned
        self._progress = progress
        self._address = address
        self._filled = filled
        self._process = load
        self._load = LoadGroup([load])
        self._phase: PhasePlan | None = None
        self._rows: PhaseRows | None = None
        self._warm_up_claims: list[Mapping[str, Claims]] = []
        self._troubles: list[str] = []
        self._is_fresh = True  #: rows were not worked on yet
        self._elapsed_ns = self._taken = 0  #: where the schedule of an open load goes on

    async def introduce(self) -> None:
        """Tell the load process what holds for the whole comparison."""
        plan, run_id = self._planned.plan, self._progress.run_id
        settings = SessionSettings(
            run_id=run_id,
            role=Role.LOAD,
            schema=schema_of(run_id),
            own=plan.session,
            pooled=not plan.prepare,
        )
        await self._load.introduce(
            Introduction(
                index=0,
                address=self._address,
                settings=settings,
                tables=self._filled.tables,
                data_rows=plan.data_rows,
                seed=plan.seed,
                anchor=self._filled.anchor,
            )
        )

    async def begin(self, phase: PhasePlan, *, arms_here: int) -> None:
        """Add rows, connect and warm up.

        `arms_here` is how many arms share the server's connections. Raises: TargetError, PlanError.
        """
        require_lock(self._filled)
        self._phase, self._rows = phase, PhaseRows(phase, self._filled)
        self._elapsed_ns = self._taken = 0
        with in_plain_words(self._filled.address):
            await self._rows.add()
        await self._take_on(phase, arms_here)

    async def renew(self, turn: int, *, arms_here: int) -> None:
        """Exchange the load process and all connections for new ones before a turn. Raises: TargetError."""
        phase, rows = self._begun()
        with in_plain_words(self._filled.address):
            await rows.recycle(turn)
        await self._leave()
        await self._process.renew()
        moment_ns = None if phase.warmup_ns is None else min(phase.warmup_ns, _RENEWED_WARMUP_NS)
        await self._take_on(replace(phase, warmup_ns=moment_ns), arms_here)

    async def _take_on(self, phase: PhasePlan, arms_here: int) -> None:
        task = TakeOn(
            phase=phase,
            shards=1,
            connections=self._connections(phase, arms_here),
            rule_values=self._filled.rule_values,
            limits_ns={},
        )
        warm_up = await self._load.ask(task, WarmedUp, lambda _: None, first=1)
        self._warm_up_claims = [part.claims for part in warm_up]
        self._is_fresh = True
        if any(plan.operation.python for plan in phase.operations):
            with in_plain_words(self._filled.address):
                await self._filled.adopt()  # what a class made in its set-up

    def _connections(self, phase: PhasePlan, arms_here: int) -> int:
        plan, facts = self._planned.plan, self._progress.facts
        if facts is None:
            raise InternalError("an arm knows its server before it loads it")
        asked = plan.connections or phase.clients
        if not plan.prepare:
            return asked
        connections_for(
            facts,
            self._address,
            clients=arms_here * phase.clients,
            asked=arms_here * asked,
            processes=arms_here,
        )
        return asked

    async def measure(self, number: int, *, window_ns: int, lead_ns: int) -> Slice:
        """Return what a slice of that number showed; equal numbers have equal arguments in both arms.

        Raises: TargetError when the server was lost.
        """
        phase, rows = self._begun()
        if not self._is_fresh:
            with in_plain_words(self._filled.address):
                await rows.recycle(number)
        self._is_fresh = False
        await self._load.ask(
            DealRound(number=number, attempts=phase.round_attempts), Dealt, lambda _: None, first=1
        )
        tally = Tally([plan.operation.name for plan in phase.operations])
        is_open = isinstance(phase.load, OpenLoad)
        task = MeasureRound(
            window_ns=window_ns,
            begin_ns=time.perf_counter_ns() + HEAD_START_NS,
            elapsed_ns=self._elapsed_ns if is_open else 0,
            first_arrival=self._taken if is_open else 0,
            lead_ns=lead_ns,
        )
        (done,) = await self._load.ask(task, RoundDone, tally.add, first=1)
        if done.lost:
            raise TargetError(done.lost)
        self._elapsed_ns, self._taken = done.elapsed_ns, self._taken + done.taken
        await self._verify(rows, done.claims)
        return slice_of(tally.freeze(), tally.elapsed_ns - task.elapsed_ns - task.lead_ns)

    async def _verify(self, rows: PhaseRows, claims: Mapping[str, Claims]) -> None:
        with in_plain_words(self._filled.address):
            for part in (self._warm_up_claims, [claims]):
                await rows.verify(part)
        self._warm_up_claims = []

    async def end(self) -> tuple[str, ...]:
        """Tear down and take the rows out; return what was not as the attempts claim."""
        phase, rows = self._begun()
        await self._leave()
        troubles, self._troubles = self._troubles, []
        with in_plain_words(self._filled.address):
            await rows.remove()
        for plan in phase.operations:
            counts = rows.counts(plan)
            if counts is not None and not counts.verified:
                troubles.append(
                    f"{self.letter}: {plan.operation.name}: the database holds {counts.found} rows as they "
                    f"should be, ok attempts claim {counts.expected}"
                )
        return tuple(troubles)

    async def _leave(self) -> None:
        left = await self._load.ask(Leave(), Left, lambda _: None, first=1)
        troubles = (f"{self.letter}: tear-down: {part.trouble}" for part in left if part.trouble)
        self._troubles += [trouble for trouble in troubles if trouble not in self._troubles]

    def _begun(self) -> tuple[PhasePlan, PhaseRows]:
        if self._phase is None or self._rows is None:
            raise InternalError("an arm begins a phase before it measures")
        return self._phase, self._rows

    async def close(self) -> None:
        """Let the load process close its connections and go: before the sandbox can."""
        await self._load.end()
