"""What the parent does with each interval of a phase: add it up, write it down, show it, and stop a run in time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import anyio

from perfengine.engine.events import Detail, IntervalTold, detail_of
from perfengine.engine.snapshots import snapshot_of
from perfengine.metrics.summary import summarise
from perfengine.metrics.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.engine.events import Watch
    from perfengine.engine.timeline import Timeline
    from perfengine.model.measurement import Interval
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Judgement
    from perfengine.model.workload import StopRules

    #: what becomes of every limit, by these summaries of the operations of the phase
    Judge = Callable[[tuple[OperationSummary, ...]], tuple[Judgement, ...]]
    #: why a limit is violated for certain by these summaries; None while none is
    Violated = Callable[[tuple[OperationSummary, ...]], str | None]

#: Attempts before an error rate says anything.
LEAST_ATTEMPTS = 30
#: Of its time the parent spends no more than one part in so many on limits that somebody looks at.
JUDGING_EVERY = 500


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
        judge: Judge = lambda _: (),
    ) -> None:
        self._phase = phase
        self._timeline = timeline
        self._watch = watch
        self._rules = rules
        self._violated = violated
        self._connections = connections
        self._processes = processes
        self._judge = judge
        self._judgements: tuple[Judgement, ...] = ()
        self._judge_from_ns = 0  #: not before this instant again
        self._told: set[int] = set()  #: processes that have told an interval since something was shown
        self._intervals: list[Interval] = []  #: since then
        self.tally = Tally([plan.operation.name for plan in phase.operations])
        self.why_stop: str | None = None  #: a stop rule's reason to end the run
        self.too_many_errors = False  #: it was the error rate
        self.stopping = anyio.Event()  #: set with it
        timeline.begin(phase, connections=connections, processes=processes)

    def __call__(self, interval: Interval) -> None:
        """Take an interval of one load process."""
        self.tally.add(interval)
        self._timeline.add(interval)
        if detail_of(self._watch) >= Detail.INTERVALS:
            self._watch(IntervalTold(plan=self._phase, connections=self._connections, interval=interval))
        self._intervals.append(interval)
        self._told.add(interval.process)
        if len(self._told) >= self._processes:
            self._show()
        if self.why_stop is None and (why := self._stopping()):
            self.why_stop = why
            self.stopping.set()

    def stop(self, why: str) -> None:
        """End the run for what was seen beside the load; a reason that came before stays."""
        if self.why_stop is None:
            self.why_stop = why
            self.stopping.set()

    def _show(self) -> None:
        """Tell the watch, where there is one; what it does not look at costs nothing."""
        detail = detail_of(self._watch)
        if detail >= Detail.JUDGEMENTS:
            self._judge_again()
        if detail >= Detail.PROGRESS:
            snapshot = snapshot_of(
                self._phase.name,
                self.tally,
                self._intervals,
                connections=self._connections,
                judgements=self._judgements,
            )
            self._watch(snapshot)
        self._told.clear()
        self._intervals.clear()

    def _judge_again(self) -> None:
        """Judge the limits, unless that took so long the last time that it is too early."""
        began_ns = time.perf_counter_ns()
        if began_ns >= self._judge_from_ns:
            self._judgements = self._judge(self.summaries(None))
            ended_ns = time.perf_counter_ns()
            self._judge_from_ns = ended_ns + JUDGING_EVERY * (ended_ns - began_ns)

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
