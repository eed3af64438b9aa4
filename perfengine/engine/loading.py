"""The load of a run: every phase in its order, watched and stopped in time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from perfengine.database.connect import Role, SessionSettings, in_plain_words
from perfengine.database.preflight import connections_for
from perfengine.database.round_trip import round_trip_ns
from perfengine.engine.canary import RunCanary, planned_ns
from perfengine.engine.events import Note, OperationEnded
from perfengine.engine.existing.session import session_settings
from perfengine.engine.messages import Introduction
from perfengine.engine.phase import PhaseRun, require_lock
from perfengine.engine.phase_watch import PhaseWatch
from perfengine.engine.repeating import merged
from perfengine.engine.stabilising import stabilise_before
from perfengine.errors import InternalError, TargetError
from perfengine.judging.judge import judge_so_far, limits_to_count, violated_so_far

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.engine.events import Watch
    from perfengine.engine.filled import Filled
    from perfengine.engine.interrupt import Interrupt
    from perfengine.engine.load_group import LoadGroup
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress
    from perfengine.engine.timeline import Timeline
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Judgement


def processes_of(planned: PlannedRun) -> int:
    """Return how many load processes a run starts: as many as asked, and never more than there are clients."""
    asked = planned.plan.processes or os.cpu_count() or 1
    return 1 if planned.code else max(1, min(asked, planned.clients))


class Loading:
    """The load of one run."""

    def __init__(
        self,
        planned: PlannedRun,
        address: Address,
        filled: Filled,
        load: LoadGroup,
        interrupt: Interrupt,
        watch: Watch,
        progress: Progress,
        timeline: Timeline,
    ) -> None:
        self._planned = planned
        self._address = address  #: that the load goes to: a pooler, or the server that the sandbox is on
        self._filled = filled
        self._load = load
        self._interrupt = interrupt
        self._watch = watch
        self._progress = progress
        self._timeline = timeline
        scenario, plan = planned.scenario, planned.plan
        self._limits_ns = limits_to_count(scenario.requirements, scenario.service_levels, plan.available)
        self._seen: PhaseWatch | None = None
        self._why_stop: str | None = None  #: what was seen beside the load
        self._canary: RunCanary | None = None
        if planned.canary:
            self._canary = RunCanary(filled.connection, progress.canary, planned_ns(plan, planned.repeats))

    def stop(self, why: str) -> None:
        """Fail the run, with what was measured so far, for what was seen beside the load."""
        self._why_stop = why
        if self._seen is not None:
            self._seen.stop(why)

    async def run(self) -> None:
        """Run every phase in order, as often as asked, until a signal, a stop rule or a lost server ends it.

        Raises: PerfengineError for what the run cannot go on without; what was measured is in the progress.
        """
        await self._load.introduce(self._introduction())
        with in_plain_words(self._filled.address):
            self._progress.round_trip_ns = await round_trip_ns(self._filled.connection)
        for repeat in range(1, self._planned.repeats + 1):
            if self._planned.stabilise and not self._interrupt.requested:
                require_lock(self._filled)
                steps = await stabilise_before(repeat, self._filled)
                self._progress.stabilised += steps
            if not await self._run_once(repeat):
                return

    async def _run_once(self, repeat: int) -> bool:
        """Run every phase in order; return whether nothing ended the run."""
        phases = self._planned.plan.phases
        before, total = (repeat - 1) * len(phases), self._planned.repeats * len(phases)
        for number, phase in enumerate(phases, start=before + 1):
            if self._interrupt.requested:
                return False
            self._require_go()
            require_lock(self._filled)
            run, seen = self._prepare(phase)
            summaries = await run.run(number, total)
            attempts = sum(one.attempts + one.measurement.unfinished for one in summaries)
            if self._interrupt.requested and not attempts:
                return False  # the signal came before its first attempt
            if not attempts:
                self._require_go()
            self._keep(summaries, run)
            self._require_go()
            if run.lost:
                raise run.lost
            if seen.too_many_errors:
                raise TargetError(f"stopped: {seen.why_stop}")
            if seen.why_stop:
                self._progress.notes.append(f"stopped: {seen.why_stop}")
                return False
        return True

    def _require_go(self) -> None:
        if self._why_stop is not None:
            raise TargetError(f"stopped: {self._why_stop}")

    def _keep(self, summaries: tuple[OperationSummary, ...], run: PhaseRun) -> None:
        self._progress.summaries += summaries
        for summary in summaries:
            self._watch(OperationEnded(summary=summary))
        if run.trouble:
            self._progress.notes.append(f"tear-down: {run.trouble}")

    def _introduction(self) -> Introduction:
        plan, filled, run_id = self._planned.plan, self._filled, self._progress.run_id
        settings = SessionSettings(
            run_id=run_id,
            role=Role.LOAD,
            schema=filled.schema,
            own=session_settings(plan),
            pooled=not plan.prepare,
        )
        return Introduction(
            index=0,
            address=self._address,
            settings=settings,
            tables=filled.tables,
            data_rows=plan.data_rows,
            seed=plan.seed,
            anchor=filled.anchor,
            raw=self._progress.raw,
        )

    def _prepare(self, phase: PhasePlan) -> tuple[PhaseRun, PhaseWatch]:
        facts, plan = self._progress.facts, self._planned.plan
        if facts is None:
            raise InternalError("a run knows its server before it loads it")
        shards = min(self._load.count, phase.clients)
        connections = plan.connections or phase.clients  # how many a pooler gives, it does not say
        if plan.prepare:
            connections = connections_for(
                facts, self._address, clients=phase.clients, asked=plan.connections, processes=shards
            )
        self._say_shared(phase, connections)
        seen = PhaseWatch(
            phase,
            self._timeline,
            self._watch,
            plan.stop,
            self._violated,
            connections=connections,
            processes=shards,
            judge=self._judge_so_far,
        )
        self._seen = seen
        run = PhaseRun(
            phase,
            self._filled,
            self._load,
            self._limits_ns,
            self._interrupt,
            self._watch,
            seen,
            connections=connections,
            shards=shards,
            canary=self._canary,
        )
        return run, seen

    def _say_shared(self, phase: PhasePlan, connections: int) -> None:
        if connections < phase.clients and self._planned.plan.connections is None:
            text = f"{phase.clients} clients share {connections} connections: the server has no more for them"
            if text not in self._progress.notes:
                self._progress.notes.append(text)
                self._watch(Note(text=f"note: {text}"))

    def _judge_so_far(self, summaries: tuple[OperationSummary, ...]) -> tuple[Judgement, ...]:
        """Return what becomes of every limit by what the phases before have shown, and these of the current one."""
        scenario, plan = self._planned.scenario, self._planned.plan
        known = merged((*self._progress.summaries, *summaries))
        return judge_so_far(scenario.requirements, scenario.service_levels, known, plan.available)

    def _violated(self, summaries: tuple[OperationSummary, ...]) -> str | None:
        found = violated_so_far(self._planned.scenario.requirements, summaries, self._planned.plan.available)
        if found is None:
            return None
        return f"{found.operation or 'the run'}: {found.metric} violates its limit"
