"""Intervals as a load process tells them, and what they come to in the parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.metrics.tally import Tally
from perfengine.model.measurement import GeneratorState, Interval, ProcessCost

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.metrics.recorder import Recorder
    from perfengine.model.measurement import Measurement

NOTHING = GeneratorState(processes=(ProcessCost(),))


def take_interval(
    recorders: Sequence[Recorder], *, process: int = 0, generator: GeneratorState = NOTHING
) -> Interval:
    """Return what the recorders of a process measured since they last told."""
    parts = [recorder.take() for recorder in recorders]
    return Interval(
        process=process,
        elapsed_ns=max(measurement.measured_ns for measurement, _ in parts),
        operations=tuple(measurement for measurement, _ in parts),
        seconds=tuple(seconds for _, seconds in parts),
        generator=generator,
    )


def sum_up(intervals: Iterable[Interval], operations: Sequence[str] = ("x",)) -> tuple[Measurement, ...]:
    """Return the measurement of each operation that the intervals come to."""
    tally = Tally(operations)
    for interval in intervals:
        tally.add(interval)
    return tally.freeze()
