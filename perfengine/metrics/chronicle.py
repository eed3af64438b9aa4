"""When it happened: attempts by the second in which they ended, and by the stage in which they were due."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from perfengine.metrics.stage_counts import StageCounts
from perfengine.model.measurement import SecondCounts
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from perfengine.metrics.measured_time import MeasuredTime
    from perfengine.model.measurement import StageMeasurement

    Integers = NDArray[np.int64]

_OK, _BAD, _DROPPED, _UNFINISHED, _SLOWER = range(5)  # from the last on, a count for each limit


class Chronicle:
    """The counts of one operation in one interval, on the axis of measured time."""

    def __init__(
        self, time: MeasuredTime, stage_ends_ns: Sequence[int], limits_ns: Sequence[int] = ()
    ) -> None:
        self._time = time
        self._limits_ns = tuple(limits_ns)
        self._stage_ends_ns = tuple(stage_ends_ns)
        self._stages = [StageCounts() for _ in stage_ends_ns]
        self._seconds: dict[int, list[int]] = {}

    def add_ok(self, due: Integers, done: Integers) -> None:
        """Take ok attempts, as instants of the clock."""
        self._add(done, _OK)
        for place, limit_ns in enumerate(self._limits_ns):
            slower = done[done - due > limit_ns]
            if len(slower):
                self._add(slower, _SLOWER + place)
        for number, here in self._by_stage(due):
            self._stages[number].ok.add((done - due)[here])

    def add_bad(self, due: Integers, done: Integers) -> None:
        """Take attempts that were not ok."""
        self._add(done, _BAD)
        for number, here in self._by_stage(due):
            self._stages[number].bad += int(np.count_nonzero(here))

    def add_dropped(self, due_ns: int) -> None:
        """Take an attempt that was due then and never started."""
        measured_ns = self._time.at(due_ns)
        self._second(measured_ns)[_DROPPED] += 1
        if self._stages:
            number = min(bisect_right(self._stage_ends_ns, measured_ns), len(self._stages) - 1)
            self._stages[number].dropped += 1

    def add_unfinished(self, due_ns: int) -> None:
        """Take an attempt that was due then and cut off."""
        self._second(self._time.at(due_ns))[_UNFINISHED] += 1

    def _add(self, done: Integers, slot: int) -> None:
        self._time.see(int(done.max()))
        seconds, counts = np.unique((done + self._time.offset_ns) // NS_PER_S, return_counts=True)
        for second, count in zip(seconds.tolist(), counts.tolist(), strict=True):
            self._second(second * NS_PER_S)[slot] += count

    def _by_stage(self, due: Integers) -> list[tuple[int, NDArray[np.bool_]]]:
        """Return each stage in which something was due, and what it was; what was due at an end is the next one's."""
        if not self._stages:
            return []
        stages = np.searchsorted(self._stage_ends_ns, due + self._time.offset_ns, side="right")
        stages = np.minimum(stages, len(self._stages) - 1)
        return [(number, stages == number) for number in np.unique(stages).tolist()]

    def _second(self, measured_ns: int) -> list[int]:
        return self._seconds.setdefault(
            max(measured_ns // NS_PER_S, 0), [0] * (_SLOWER + len(self._limits_ns))
        )

    def take(self) -> tuple[dict[int, SecondCounts], tuple[StageMeasurement, ...]]:
        """Return the counts by second and by stage since the last call, and start over."""
        seconds = {
            number: SecondCounts(
                due=sum(counts[:_SLOWER]),
                ok=counts[_OK],
                bad=counts[_BAD],
                dropped=counts[_DROPPED],
                slower=tuple(counts[_SLOWER:]),
            )
            for number, counts in sorted(self._seconds.items())
        }
        self._seconds.clear()
        return seconds, tuple(stage.take() for stage in self._stages)
