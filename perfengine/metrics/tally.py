"""The sum of all intervals of all load processes: what a phase has measured so far. Lives in the parent process."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from perfengine.metrics.batches import Batches
from perfengine.metrics.counts import Counts
from perfengine.metrics.failures import add_failures
from perfengine.metrics.merge import COUNTS, HISTOGRAMS, add_costs, add_seconds
from perfengine.model.measurement import (
    GeneratorState,
    Measurement,
    ProcessCost,
    SecondCounts,
    StageMeasurement,
)
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.model.measurement import Interval
    from perfengine.model.outcome import Failure


class OperationTally:
    """The sum of one operation's intervals."""

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._histograms = {name: Counts() for name in HISTOGRAMS}
        self._counts: Counter[str] = Counter()
        self._failures: dict[Failure, int] = {}
        self._retries: Counter[str] = Counter()
        self._slower_than: Counter[int] = Counter()
        self._seconds: dict[int, SecondCounts] = {}
        self._batches = Batches()
        self._stages: list[_StageTally] = []

    def add(self, part: Measurement, seconds: dict[int, SecondCounts], elapsed_ns: int) -> None:
        """Add what one process measured in one interval, which ended after so much measured time."""
        for name in HISTOGRAMS:
            self._histograms[name].absorb(getattr(part, name))
        for name in COUNTS:
            self._counts[name] += getattr(part, name)
        self._failures = add_failures(self._failures, part.failures)
        self._retries.update(part.retries)
        self._slower_than.update(part.slower_than)
        for number, counts in seconds.items():
            self._seconds[number] = add_seconds(self._seconds.get(number, SecondCounts()), counts)
        self._batches.add(max(round(elapsed_ns / NS_PER_S), 1), part.response.counts)
        self._add_stages(part.stages)

    def _add_stages(self, stages: Sequence[StageMeasurement]) -> None:
        while len(self._stages) < len(stages):
            self._stages.append(_StageTally())
        for tally, stage in zip(self._stages, stages, strict=False):
            tally.add(stage)

    @property
    def totals(self) -> tuple[int, int]:
        """How many attempts were ok, and how many were not."""
        bad = sum(self._failures.values())
        return self._counts["attempts"] - bad, bad

    @property
    def starved(self) -> int:
        """How many attempts found no row."""
        return self._counts["starved"]

    @property
    def dropped(self) -> int:
        """How many attempts were due and never started."""
        return self._counts["dropped"]

    @property
    def failures(self) -> Mapping[Failure, int]:
        """Why attempts were not ok."""
        return self._failures

    def freeze(self) -> Measurement:
        """Return the sum; what belongs to the phase as a whole is added by `Tally`."""
        parts: dict[str, Any] = {name: counts.freeze() for name, counts in self._histograms.items()}
        parts |= {name: self._counts[name] for name in COUNTS}
        last = max(self._seconds, default=-1)
        return Measurement(
            operation=self._operation,
            **parts,
            failures=dict(self._failures),
            retries=dict(self._retries),
            slower_than=dict(self._slower_than),
            seconds=tuple(self._seconds.get(number, SecondCounts()) for number in range(last + 1)),
            batches=self._batches.freeze(),
            stages=tuple(stage.freeze() for stage in self._stages),
        )


class _StageTally:
    def __init__(self) -> None:
        self._response = Counts()
        self._bad = self._dropped = 0

    def add(self, stage: StageMeasurement) -> None:
        self._response.absorb(stage.response)
        self._bad += stage.bad
        self._dropped += stage.dropped

    def freeze(self) -> StageMeasurement:
        response = self._response.freeze()
        return StageMeasurement(
            ok=response.moments.count, bad=self._bad, dropped=self._dropped, response=response
        )


class Tally:
    """The sum of a phase's intervals, over its operations and load processes."""

    def __init__(self, operations: Sequence[str]) -> None:
        self._operations = [OperationTally(name) for name in operations]
        self._names = tuple(operations)
        self._elapsed_ns: dict[int, int] = {}
        self._costs: dict[int, ProcessCost] = {}
        self._generator = {name: Counts() for name in ("loop_lag", "start_delay", "gc_pause")}

    def add(self, interval: Interval) -> None:
        """Add an interval of one load process."""
        for tally, part, seconds in zip(self._operations, interval.operations, interval.seconds, strict=True):
            tally.add(part, dict(seconds), interval.elapsed_ns)
        self._elapsed_ns[interval.process] = interval.elapsed_ns
        (cost,) = interval.generator.processes
        self._costs[interval.process] = add_costs(self._costs.get(interval.process, ProcessCost()), cost)
        for name, counts in self._generator.items():
            counts.absorb(getattr(interval.generator, name))

    @property
    def elapsed_ns(self) -> int:
        """Measured time of the process that has measured longest."""
        return max(self._elapsed_ns.values(), default=0)

    @property
    def totals(self) -> tuple[int, int]:
        """How many attempts of all operations were ok, and how many were not."""
        pairs = [tally.totals for tally in self._operations]
        return sum(ok for ok, _ in pairs), sum(bad for _, bad in pairs)

    @property
    def starved(self) -> int:
        """How many attempts of all operations found no row: they are among those that were not ok."""
        return sum(tally.starved for tally in self._operations)

    @property
    def by_operation(self) -> dict[str, tuple[int, int]]:
        """How many attempts were ok, and how many were not, by operation."""
        return {name: tally.totals for name, tally in zip(self._names, self._operations, strict=True)}

    @property
    def dropped(self) -> dict[str, int]:
        """How many attempts were due and never started, by operation."""
        return {name: tally.dropped for name, tally in zip(self._names, self._operations, strict=True)}

    @property
    def failures(self) -> dict[Failure, int]:
        """Why attempts were not ok, all operations together."""
        return reduce(add_failures, (tally.failures for tally in self._operations), {})

    def freeze(self) -> tuple[Measurement, ...]:
        """Return the measurement of each operation, in order."""
        histograms = {name: counts.freeze() for name, counts in self._generator.items()}
        generator = GeneratorState(
            processes=tuple(cost for _, cost in sorted(self._costs.items())), **histograms
        )
        return tuple(
            replace(tally.freeze(), measured_ns=self.elapsed_ns, generator=generator)
            for tally in self._operations
        )
