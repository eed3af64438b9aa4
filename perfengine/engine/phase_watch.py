"""What the parent does with each interval of a phase: add it up, write it down, show it, and stop a run in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from perfengine.metrics.merge import merge_latency
from perfengine.metrics.summary import summarise
from perfengine.metrics.tally import Tally
from perfengine.model.measurement import LatencyCounts, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.engine.events import Watch
    from perfengine.engine.timeline import Timeline
    from perfengine.model.measurement import Interval
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary
    from perfengine.model.workload import StopRules

    #: why a limit is violated for certain by these summaries; None while none is
    Violated = Callable[[tuple[OperationSummary, ...]], str | None]

#: Attempts before an error rate says anything.
LEAST_ATTEMPTS = 30


class PhaseWatch:
    """Called with every interval of a phase."""

    def __init__(
        self,
        phase: PhasePlan,
        timeline: Timeline,
        watch: Watch,
        rules: StopRules,
        violated: Violated,
        *,
        connections: int,
        processes: int,
    ) -> None:
        self._phase = phase
        self._timeline = timeline
        self._watch = watch
        self._rules = rules
        self._violated = violated
        self._connections = connections
        self._processes = processes
        self._told: set[int] = set()  #: processes that have told an interval since something was shown
        self._latest = LatencyCounts()
        self.tally = Tally([plan.operation.name for plan in phase.operations])
        self.why_stop: str | None = None  #: a stop rule's reason to end the run
        self.too_many_errors = False  #: it was the error rate
        self.stopping = anyio.Event()  #: set with it
        timeline.begin(phase, connections=connections, processes=processes)

    def __call__(self, interval: Interval) -> None:
        """Take an interval of one load process."""
        self.tally.add(interval)
        self._timeline.add(interval)
        for part in interval.operations:
            self._latest = merge_latency(self._latest, part.response)
        self._told.add(interval.process)
        if len(self._told) >= self._processes:
            self._show()
        if self.why_stop is None and (why := self._stopping()):
            self.why_stop = why
            self.stopping.set()

    def _show(self) -> None:
        ok, bad = self.tally.totals
        name, elapsed_ns = self._phase.name, self.tally.elapsed_ns
        self._watch(
            Snapshot(
                operation=name, phase="measure", elapsed_ns=elapsed_ns, ok=ok, bad=bad, latest=self._latest
            )
        )
        self._told.clear()
        self._latest = LatencyCounts()

    def _stopping(self) -> str | None:
        rules, (ok, bad) = self._rules, self.tally.totals
        bad -= self.tally.starved
        share = bad / (ok + bad) if ok + bad else 0.0
        if rules.max_error_rate is not None and ok + bad >= LEAST_ATTEMPTS and share > rules.max_error_rate:
            self.too_many_errors = True
            return f"the error rate was {share:.1%}, above the {rules.max_error_rate:.1%} at which a run is stopped"
        if rules.abort_on_fail and self.tally.elapsed_ns >= rules.abort_delay_ns:
            return self._violated(self.summaries(None))
        return None

    def summaries(self, cut_short: str | None) -> tuple[OperationSummary, ...]:
        """Return what the operations have shown so far."""
        return tuple(
            summarise(
                self._phase, plan, measurement, connections=self._connections, cut_short=cut_short, rows=None
            )
            for plan, measurement in zip(self._phase.operations, self.tally.freeze(), strict=True)
        )
