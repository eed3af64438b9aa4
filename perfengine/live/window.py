"""The last seconds of a phase: what the latest intervals of all load processes come to together.

Percentiles are those of the merged histograms, never means of percentiles.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from perfengine.live.state import GeneratorFigures, Row
from perfengine.metrics.merge import merge_all
from perfengine.metrics.percentiles import percentiles_of
from perfengine.metrics.sliding import SlidingLatency
from perfengine.metrics.summary import SATURATED_SHARE
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.model.measurement import LatencyCounts, OperationSnapshot, Snapshot

#: Intervals, each about a second.
WINDOW: Final = 5


class Window:
    """The last snapshots of one phase."""

    def __init__(self) -> None:
        self._latest: deque[Snapshot] = deque(maxlen=WINDOW)
        self._latencies: list[SlidingLatency] = []  #: by operation of the phase
        self._before: Snapshot | None = None  #: the one that the window begins after

    @property
    def last(self) -> Snapshot | None:
        """The last snapshot."""
        return self._latest[-1] if self._latest else None

    def add(self, snapshot: Snapshot) -> None:
        """Take a snapshot; the oldest one goes."""
        if len(self._latest) == WINDOW:
            self._before = self._latest[0]
        self._latest.append(snapshot)
        if not self._latencies:
            self._latencies = [SlidingLatency(WINDOW) for _ in snapshot.operations]
        for latency, part in zip(self._latencies, snapshot.operations, strict=True):
            latency.add(part.latest)

    @property
    def duration_ns(self) -> int:
        """Measured time that the window spans."""
        if self.last is None:
            return 0
        return self.last.elapsed_ns - (self._before.elapsed_ns if self._before else 0)

    @property
    def rate_per_s(self) -> float | None:
        """Ok attempts of all operations a second; None before the first snapshot."""
        return self._per_s(sum(one.latest.moments.count for one in self._latest)) if self._latest else None

    @property
    def in_use(self) -> float | None:
        """Connections in use on average, by Little's law: time that attempts had one, over the time there was."""
        walls_ns = [cost.wall_ns for one in self._latest for cost in one.generator.processes]
        processes = self.last.generator.processes if self.last else ()
        if not sum(walls_ns):
            return None
        wall_ns = sum(walls_ns) / len(processes)
        return sum(one.busy_ns for one in self._latest) / wall_ns

    def row(self, place: int) -> Row:
        """Return the row of an operation by its place in the phase."""
        now, latest = self._latest[-1].operations[place], self._latencies[place].total
        p50, p95, p99 = percentiles_of(latest, (0.5, 0.95, 0.99)) or (None, None, None)
        return Row(
            operation=now.operation,
            ok=now.ok,
            rate_per_s=self._per_s(latest.moments.count),
            p50_ns=p50,
            p95_ns=p95,
            p99_ns=p99,
            max_ns=latest.moments.maximum if latest.moments.count else None,
            bad=now.bad - self._bad_before(place),
        )

    def _bad_before(self, place: int) -> int:
        before: OperationSnapshot | None = self._before.operations[place] if self._before else None
        return before.bad if before else 0

    def generator(self) -> GeneratorFigures | None:
        """Return what the load processes did to themselves; None before the first snapshot."""
        if self.last is None:
            return None
        states = [one.generator for one in self._latest]
        count = len(self.last.generator.processes)
        shares, waits = [], []
        for place in range(count):
            costs = [state.processes[place] for state in states if place < len(state.processes)]
            wall_ns = max(sum(cost.wall_ns for cost in costs), 1)
            shares.append(sum(cost.cpu_ns for cost in costs) / wall_ns)
            waits.append(sum(cost.cpu_ns + cost.run_queue_ns for cost in costs) / wall_ns)
        return GeneratorFigures(
            cpu_share=max(shares, default=0.0),
            processes=count,
            loop_lag_p99_ns=_p99(merge_all(state.loop_lag for state in states)),
            start_delay_p99_ns=_p99(merge_all(state.start_delay for state in states)),
            lateness_p99_ns=_p99(merge_all(one.lateness for one in self._latest)),
            is_saturated=max(waits, default=0.0) > SATURATED_SHARE,
        )

    def _per_s(self, count: int) -> float:
        return count * NS_PER_S / self.duration_ns if self.duration_ns > 0 else 0.0


def _p99(latency: LatencyCounts) -> int | None:
    return next(iter(percentiles_of(latency, (0.99,))), None)
