"""Follows the events of a run, and says at any instant what is to be shown. Time is handed in."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.engine.events import OperationEnded, PhaseBegan, RunBegan
from perfengine.live.clock import clock_of
from perfengine.live.state import Cause, GeneratorFigures, LiveState, Load, Row
from perfengine.live.window import Window
from perfengine.model.load import ClosedLoad, OpenLoad
from perfengine.model.measurement import Snapshot
from perfengine.model.outcome import Outcome
from perfengine.pacing.users import level_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.engine.events import Event
    from perfengine.model.outcome import Failure
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Judgement

#: Causes that are named.
_NAMED: Final = 3


class Follower:
    """Takes the events in their order. Instants are seconds of one monotonic clock.

    It may be shared, by threads too: an event that is handed in twice in a row counts once, and the figures between
    two events are worked out once, whoever asks for them.
    """

    def __init__(self, now_s: float) -> None:
        self._began_s = self._phase_began_s = self._told_s = now_s
        self._about = RunBegan(scenario="", target="")
        self._phase: PhaseBegan | None = None
        self._window = Window()
        self._done: dict[str, Row] = {}
        self._causes: dict[tuple[str, str], int] = {}  #: of the phases that are over
        self._judgements: tuple[Judgement, ...] = ()
        self._shown = LiveState()
        self._is_stale = False  #: what is shown is not what is known
        self._last: Event | None = None  #: that was taken
        self._lock = threading.Lock()

    def take(self, event: Event, now_s: float) -> None:
        """Take an event that came now."""
        with self._lock:
            if event is not self._last:
                self._last = event
                self._take(event, now_s)

    def _take(self, event: Event, now_s: float) -> None:
        if isinstance(event, RunBegan):
            self._about = event
        elif isinstance(event, PhaseBegan):
            self._begin(event, now_s)
        elif isinstance(event, OperationEnded):
            self._end(event.summary)
        elif isinstance(event, Snapshot):
            self._window.add(event)
            self._judgements = event.judgements or self._judgements
            self._told_s = now_s
        else:
            return
        self._is_stale = True

    def state(self, now_s: float) -> LiveState:
        """Return what is to be shown now; between two events only the clock moves, and is worked out again."""
        with self._lock:
            return self._state(now_s)

    def _state(self, now_s: float) -> LiveState:
        if self._is_stale:
            self._shown, self._is_stale = self._figures(), False
        clock = clock_of(
            self._phase,
            self._window,
            run_s=now_s - self._began_s,
            phase_s=now_s - self._phase_began_s,
            told_s=now_s - self._told_s,
        )
        about = self._about
        return replace(
            self._shown, scenario=about.scenario, target=about.target, server=about.server, clock=clock
        )

    def _begin(self, event: PhaseBegan, now_s: float) -> None:
        if event.phase == "warm-up":
            self._window = Window()
        self._phase, self._phase_began_s = event, now_s

    def _end(self, summary: OperationSummary) -> None:
        self._done[summary.operation.name] = _done_row(summary)
        for key, count in _counted(summary.measurement.failures).items():
            self._causes[key] = self._causes.get(key, 0) + count
        self._window = Window()

    def _figures(self) -> LiveState:
        plan, last = self._phase.plan if self._phase else None, self._window.last
        current = [] if plan is None else self._current(plan)
        names = {row.operation for row in current}
        done = [row for name, row in self._done.items() if name not in names]
        return LiveState(
            load=None if plan is None else self._load(plan),
            rows=(*done, *current),
            causes=_causes(self._causes, last.failures if last else {}),
            generator=self._generator(plan),
            judgements=self._judgements,
        )

    def _generator(self, plan: PhasePlan | None) -> GeneratorFigures | None:
        """Return the generator's state; nothing is late where nothing has an instant of its own."""
        seen = self._window.generator()
        if seen is None or (plan is not None and isinstance(plan.load, OpenLoad)):
            return seen
        return replace(seen, lateness_p99_ns=None)

    def _current(self, plan: PhasePlan) -> list[Row]:
        """Return the rows of what is loaded now; of an operation that ended meanwhile, what it came to."""
        names = [item.operation.name for item in plan.operations]
        if self._window.last is not None:
            return [self._window.row(place) for place in range(len(names))]
        ended = self._phase is not None and self._phase.phase == "clean up"
        return [self._done[name] if ended and name in self._done else Row(operation=name) for name in names]

    def _load(self, plan: PhasePlan) -> Load:
        load, last = plan.load, self._window.last
        elapsed_ns = last.elapsed_ns if last else 0
        level = level_at(load.stages, elapsed_ns) if load.stages else None
        asked = (load.rate_per_s if level is None else level) if isinstance(load, OpenLoad) else None
        return Load(
            asked_per_s=asked,
            achieved_per_s=self._window.rate_per_s,
            clients=plan.clients,
            active=round(level) if level is not None and isinstance(load, ClosedLoad) else None,
            connections=last.connections if last else 0,
            in_use=self._window.in_use,
            dropped=sum(one.dropped for one in last.operations) if last else 0,
        )


def _done_row(summary: OperationSummary) -> Row:
    latency = summary.latency
    found = latency.percentiles if latency else {}
    return Row(
        operation=summary.operation.name,
        ok=summary.ok,
        rate_per_s=summary.throughput_per_s,
        p50_ns=found.get(50.0),
        p95_ns=found.get(95.0),
        p99_ns=found.get(99.0),
        max_ns=latency.maximum if latency else None,
        bad=summary.attempts - summary.ok,
        is_done=True,
    )


def _counted(failures: Mapping[Failure, int]) -> dict[tuple[str, str], int]:
    """Return how often each cause came, by its code and its words; an attempt without a row has none."""
    counts: dict[tuple[str, str], int] = {}
    for failure, count in failures.items():
        if failure.outcome is not Outcome.STARVED:
            key = " ".join(filter(None, (failure.sqlstate, failure.error_class))), failure.message
            counts[key] = counts.get(key, 0) + count
    return counts


def _causes(before: Mapping[tuple[str, str], int], now: Mapping[Failure, int]) -> tuple[Cause, ...]:
    counts = dict(before)
    for key, count in _counted(now).items():
        counts[key] = counts.get(key, 0) + count
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_NAMED]
    return tuple(Cause(code=code, name=name, count=count) for (code, name), count in most)
