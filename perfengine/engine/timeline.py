"""One-second series of a run, streamed to disk while it goes on, so that memory does not grow with its length."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from perfengine.engine.messages import Shard
from perfengine.metrics.latency_slots import LatencySlots
from perfengine.metrics.merge import merge_all
from perfengine.model.series import About, Series
from perfengine.stats.hdr import percentile, percentiles
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfengine.model.measurement import Interval, LatencyCounts, Measurement
    from perfengine.model.plan import PhasePlan
    from perfengine.model.series import LatencyOverTime

    Row = Mapping[str, float | None]

_LATENCIES = {"p50_s": 0.5, "p95_s": 0.95, "p99_s": 0.99}


class Timeline:
    """Writes a row a second for each operation and load process; `series` reads them back, whole."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._phase: PhasePlan | None = None
        self._connections = self._processes = 1
        self._open: dict[int, list[Interval]] = {}  #: second to the intervals that ended about then
        self._told: dict[int, int] = {}  #: process to the second of its last interval
        self._written = 0  #: the last second of the phase, or of its repeat, that has its rows
        self._before_s = 0  #: what earlier repeats of the phase took
        self._reached_s: dict[str, int] = {}  #: phase to its last second
        self._slots: dict[tuple[str, str], LatencySlots] = {}  #: phase and operation to its latency over time
        self.begins_s: dict[str, list[int]] = {}  #: phase to the seconds after which its repeats begin

    def begin(self, phase: PhasePlan, *, connections: int, processes: int) -> None:
        """Note that the intervals to come are of this phase; a phase that is repeated goes on where it ended."""
        self.end()
        self._before_s = self._reached_s.get(phase.name, 0)
        self.begins_s.setdefault(phase.name, []).append(self._before_s)
        self._phase, self._connections, self._processes = phase, connections, processes

    def add(self, interval: Interval) -> None:
        """Take an interval; a second is written when all load processes are past it.

        One that is written stays as it is: the next round of an open load goes on where the schedule was, which is
        before the last attempts of the round before it were drained.
        """
        second = max(1, round(interval.elapsed_ns / NS_PER_S))  # a short one goes with the one before
        self._told[interval.process] = second
        self._open.setdefault(max(second, self._written + 1), []).append(interval)
        if len(self._told) >= self._processes:
            self._write_before(min(self._told.values()))

    def end(self) -> None:
        """Write what is left of the phase."""
        self._write_before(max(self._open, default=0) + 1)
        self._told.clear()
        self._written = 0

    def _write_before(self, second: int) -> None:
        for number in sorted(number for number in self._open if number < second):
            self._write(number, self._open.pop(number))
            self._written = number

    def _write(self, second: int, intervals: Sequence[Interval]) -> None:
        if self._phase is None:
            return
        second += self._before_s
        self._reached_s[self._phase.name] = second
        for place, plan in enumerate(self._phase.operations):
            parts = [interval.operations[place] for interval in intervals]
            response = merge_all(part.response for part in parts)
            self._line(About.OPERATION, plan.operation.name, second, _operation_row(parts, response))
            slots = self._slots.setdefault((self._phase.name, plan.operation.name), LatencySlots())
            slots.add(second, response)
        for process in sorted({interval.process for interval in intervals}):
            own = [interval for interval in intervals if interval.process == process]
            self._line(About.GENERATOR, str(process), second, self._generator_row(process, own))

    def _line(self, about: About, subject: str, second: int, row: Row) -> None:
        phase = self._phase.name if self._phase else ""
        self._file.write(json.dumps([about, subject, phase, second, row]) + "\n")

    def _generator_row(self, process: int, intervals: Sequence[Interval]) -> Row:
        states = [interval.generator for interval in intervals]
        costs = [cost for state in states for cost in state.processes]
        wall_ns = max(sum(cost.wall_ns for cost in costs), 1)
        parts = [part for interval in intervals for part in interval.operations]
        busy_ns = sum(part.service.moments.total for part in parts)
        links = max(1, Shard(index=process, count=self._processes).part_of(self._connections))
        return {
            "loop_lag_p99_s": _at(merge_all(state.loop_lag for state in states), 0.99),
            "start_delay_p99_s": _at(merge_all(state.start_delay for state in states), 0.99),
            "gc_pause_s": sum(state.gc_pause.moments.total for state in states) / NS_PER_S,
            "cpu_share": sum(cost.cpu_ns for cost in costs) / wall_ns,
            "run_queue_share": sum(cost.run_queue_ns for cost in costs) / wall_ns,
            # by Little's law: the time that attempts had a connection, over the time that there was
            "connection_share": busy_ns / (wall_ns * links),
        }

    def series(self) -> tuple[Series, ...]:
        """Return everything that was written."""
        self.end()
        self._file.seek(0)
        rows: dict[tuple[str, str, str], list[tuple[float, Row]]] = {}
        for line in self._file:
            about, subject, phase, second, row = json.loads(line)
            rows.setdefault((about, subject, phase), []).append((second, row))
        return tuple(
            Series(
                about=About(about),
                subject=subject,
                phase=phase,
                times_s=tuple(second for second, _ in found),
                columns=_columns([row for _, row in found]),
            )
            for (about, subject, phase), found in rows.items()
        )

    def latency_over_time(self) -> tuple[LatencyOverTime, ...]:
        """Return how the response of each operation was spread at any time, as far as it was written."""
        return tuple(slots.freeze(operation, phase) for (phase, operation), slots in self._slots.items())


def _columns(rows: Sequence[Row]) -> dict[str, tuple[float | None, ...]]:
    """Return the columns of all rows; causes of failures have one only where they were met: elsewhere 0."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: tuple(row.get(name, 0) for row in rows) for name in names}


def _operation_row(parts: Sequence[Measurement], response: LatencyCounts) -> Row:
    ok = response.moments.count
    return {
        "ok": ok,
        "bad": sum(part.attempts for part in parts) - ok,
        "dropped": sum(part.dropped for part in parts),
        "mean_s": response.moments.total / ok / NS_PER_S if ok else None,
        **_latencies(response),
        "max_s": response.moments.maximum / NS_PER_S if ok else None,
        "lateness_p99_s": _at(merge_all(part.lateness for part in parts), 0.99),
        "pool_wait_p99_s": _at(merge_all(part.pool_wait for part in parts), 0.99),
        "service_p99_s": _at(merge_all(part.service for part in parts), 0.99),
        "lateness_mean_s": _mean(part.lateness for part in parts),
        "pool_wait_mean_s": _mean(part.pool_wait for part in parts),
        **_failed(parts),
    }


def _latencies(response: LatencyCounts) -> Row:
    total = sum(response.counts.values())
    if not total:
        return dict.fromkeys(_LATENCIES)
    found = percentiles(response.counts, total, list(_LATENCIES.values()))
    return {name: value / NS_PER_S for name, value in zip(_LATENCIES, found, strict=True)}


def _failed(parts: Sequence[Measurement]) -> Row:
    """Return the attempts that were not ok, a column for each class of errors, as in `failures` of the result."""
    counts: Counter[str] = Counter()
    for part in parts:
        for failure, count in part.failures.items():
            counts[f"failed_{failure.error_class or failure.outcome.name.lower()}"] += count
    return dict(counts)


def _mean(histograms: Iterable[LatencyCounts]) -> float | None:
    moments = [histogram.moments for histogram in histograms]
    count = sum(one.count for one in moments)
    return sum(one.total for one in moments) / count / NS_PER_S if count else None


def _at(latency: LatencyCounts, share: float) -> float | None:
    total = sum(latency.counts.values())
    return percentile(latency.counts, total, share) / NS_PER_S if total else None


@contextmanager
def timeline() -> Iterator[Timeline]:
    """Give a timeline for the block; its file has no name and is gone after it."""
    with tempfile.TemporaryFile("w+", encoding="ascii", prefix="perfengine-") as file:
        yield Timeline(file)
