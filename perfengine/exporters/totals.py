"""The sums of a run as monitoring takes them: of all intervals since it began. Safe to read from any thread."""

from __future__ import annotations

import threading
import time
from collections import Counter
from math import isnan, nan
from typing import TYPE_CHECKING, ClassVar, Final

from perfengine import __version__
from perfengine.engine.events import Detail, IntervalTold, PhaseBegan, RunBegan
from perfengine.exporters import metrics as names
from perfengine.exporters.buckets import buckets_of
from perfengine.exporters.metrics import Family
from perfengine.metrics.counts import Counts
from perfengine.model.load import OpenLoad
from perfengine.model.measurement import Snapshot
from perfengine.model.outcome import Outcome
from perfengine.model.verdict import Verdict
from perfengine.pacing.users import level_at
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfengine.engine.events import Event
    from perfengine.exporters.metrics import Buckets, Metric
    from perfengine.model.measurement import GeneratorState, Measurement
    from perfengine.model.plan import PhasePlan
    from perfengine.model.verdict import Judgement

    Labels = tuple[str, ...]

_PARTS: Final = {
    "response": names.LATENCY,
    "service": names.SERVICE,
    "lateness": names.LATENESS,
    "pool_wait": names.POOL_WAIT,
}
_HEALTH: Final = {
    "loop_lag": names.LOOP_LAG,
    "start_delay": names.START_DELAY,
    "gc_pause": names.GC_PAUSE,
}
_OUTCOMES: Final = (*(outcome.name.lower() for outcome in Outcome), "dropped", "unfinished")
_STATUS: Final = {Verdict.PASS: 1.0, Verdict.FAIL: 0.0, Verdict.UNPROVEN: nan}


class RunTotals:
    """Adds up what a run tells. An operation that is loaded again goes on where it was: counters never fall."""

    detail: ClassVar = Detail.INTERVALS

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started_s = time.time()
        self._about = RunBegan(scenario="", target="")
        self._parts: dict[tuple[str, Labels], Counts] = {}
        self._health = {name: Counts() for name in _HEALTH}
        self._attempts: Counter[Labels] = Counter()
        self._errors: Counter[Labels] = Counter()
        self._retries: Counter[Labels] = Counter()
        self._measured_s: dict[str, float] = {}  #: of a phase, all its repeats
        self._elapsed_s: dict[str, float] = {}  #: of the current one
        self._gauges: dict[Metric, dict[Labels, float]] = {}
        self._judgements: tuple[Judgement, ...] = ()

    def __call__(self, event: Event) -> None:
        """Take an event."""
        with self._lock:
            if isinstance(event, IntervalTold):
                self._add(event)
            elif isinstance(event, PhaseBegan):
                self._begin(event)
            elif isinstance(event, RunBegan):
                self._about = event
            elif isinstance(event, Snapshot):
                self._judgements = event.judgements or self._judgements

    def families(self) -> tuple[Family, ...]:
        """Return all metrics with what they are now."""
        with self._lock:
            return tuple(Family(metric=metric, values=self._values(metric)) for metric in names.METRICS)

    def _begin(self, event: PhaseBegan) -> None:
        stages = self._gauges.setdefault(names.PHASE, {})
        stages.update(dict.fromkeys(stages, 0.0))
        stages[event.plan.name if event.plan else "", event.phase] = 1.0
        if event.plan is None:
            return
        name = event.plan.name
        if event.phase == "warm-up":
            self._measured_s[name] = self._measured_s.get(name, 0.0) + self._elapsed_s.pop(name, 0.0)
        self._set(names.CLIENTS, (name,), event.plan.clients)
        self._ask(event.plan, 0)
        for plan in event.plan.operations:
            labels = (plan.operation.entity, plan.operation.name)
            for part in _PARTS:
                self._parts.setdefault((part, labels), Counts())
            for outcome in _OUTCOMES:
                self._attempts[*labels, outcome] += 0

    def _ask(self, plan: PhasePlan, elapsed_ns: int) -> None:
        if isinstance(plan.load, OpenLoad):
            stages = plan.load.stages
            rate = level_at(stages, elapsed_ns) if stages else plan.load.rate_per_s
            self._set(names.TARGET_RATE, (plan.name,), rate)

    def _add(self, event: IntervalTold) -> None:
        plan, interval = event.plan, event.interval
        self._elapsed_s[plan.name] = max(self._elapsed_s.get(plan.name, 0.0), interval.elapsed_ns / NS_PER_S)
        self._set(names.CONNECTIONS, (plan.name,), event.connections)
        self._ask(plan, interval.elapsed_ns)
        for item, part in zip(plan.operations, interval.operations, strict=True):
            self._add_operation((item.operation.entity, item.operation.name), part)
        self._add_generator(str(interval.process), interval.generator)

    def _add_operation(self, labels: Labels, part: Measurement) -> None:
        for name in _PARTS:
            self._parts.setdefault((name, labels), Counts()).absorb(getattr(part, name))
        self._attempts[*labels, "ok"] += part.response.moments.count
        self._attempts[*labels, "dropped"] += part.dropped
        self._attempts[*labels, "unfinished"] += part.unfinished
        for failure, count in part.failures.items():
            self._attempts[*labels, failure.outcome.name.lower()] += count
            self._errors[*labels, failure.error_class, failure.sqlstate or ""] += count
        for sqlstate, count in part.retries.items():
            self._retries[*labels, sqlstate] += count

    def _add_generator(self, process: str, state: GeneratorState) -> None:
        for name, counts in self._health.items():
            counts.absorb(getattr(state, name))
        for cost in state.processes:
            if cost.wall_ns:
                self._set(names.CPU, (process,), cost.cpu_ns / cost.wall_ns)
                self._set(names.RUN_QUEUE, (process,), cost.run_queue_ns / cost.wall_ns)

    def _set(self, metric: Metric, labels: Labels, value: float) -> None:
        self._gauges.setdefault(metric, {})[labels] = value

    def _values(self, metric: Metric) -> Mapping[Labels, float | Buckets]:
        if metric.kind is names.Kind.HISTOGRAM:
            return self._histograms(metric)
        about = self._about.scenario, self._about.server, __version__
        found: dict[Metric, Mapping[Labels, float]] = {
            names.ATTEMPTS: dict(self._attempts),
            names.ERRORS: dict(self._errors),
            names.RETRIES: dict(self._retries),
            names.MEASURED: self._measured(),
            names.REQUIREMENT: _statuses(self._judgements),
            names.RUN_INFO: {about: 1.0},
            names.STARTED: {(): self._started_s},
        }
        return found[metric] if metric in found else dict(self._gauges.get(metric, {}))

    def _measured(self) -> Mapping[Labels, float]:
        before, now = self._measured_s, self._elapsed_s
        return {(name,): before.get(name, 0.0) + now.get(name, 0.0) for name in {**before, **now}}

    def _histograms(self, metric: Metric) -> Mapping[Labels, Buckets]:
        for name, own in _HEALTH.items():
            if own is metric:
                return {(): buckets_of(self._health[name].freeze())}
        return {
            labels: buckets_of(counts.freeze())
            for (name, labels), counts in self._parts.items()
            if _PARTS[name] is metric
        }


def _statuses(judgements: Iterable[Judgement]) -> Mapping[Labels, float]:
    """Return what becomes of each limit; of several on the same metric of one operation the worst."""
    found: dict[Labels, float] = {}
    for judged in judgements:
        labels = (judged.operation or judged.subject, str(judged.metric))
        status = _STATUS[judged.verdict]
        if labels not in found or status == 0.0 or (isnan(status) and found[labels] == 1.0):
            found[labels] = status
    return found
