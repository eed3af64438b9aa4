"""How the latency of an operation was spread at any time: a histogram a slot, three hundred at most.

A slot is a stretch of measured time, a second where there are no more of them. Nothing is thrown away, and nothing
averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.metrics.stretches import Stretches
from perfengine.model.series import LatencyOverTime, LatencySlot
from perfengine.stats.coarse import coarse, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perfengine.model.measurement import LatencyCounts

    Integers = NDArray[np.int64]

#: A screen shows no more, and memory holds them.
MOST_SLOTS: Final = 300


@dataclass(frozen=True, slots=True)
class _Slot:
    counters: Integers
    numbers: Integers
    maximum_ns: int

    def plus(self, other: _Slot) -> _Slot:
        counters = np.concatenate([self.counters, other.counters])
        numbers = np.concatenate([self.numbers, other.numbers])
        return _Slot(*summed(counters, numbers), max(self.maximum_ns, other.maximum_ns))


class LatencySlots:
    """The slots of one operation."""

    def __init__(self) -> None:
        self._stretches: Stretches[_Slot] = Stretches(MOST_SLOTS, _Slot.plus)

    def add(self, second: int, latency: LatencyCounts) -> None:
        """Take what ended in a second of measured time; the first is 1."""
        if latency.counts:
            self._stretches.add(second, _Slot(*coarse(latency.counts), latency.moments.maximum))

    def freeze(self, operation: str, phase: str) -> LatencyOverTime:
        """Return the slots in which anything ended."""
        return LatencyOverTime(
            operation=operation,
            phase=phase,
            slot_s=self._stretches.length_s,
            slots=tuple(
                LatencySlot(
                    begin_s=begin_s,
                    maximum_ns=slot.maximum_ns,
                    counters=tuple(slot.counters.tolist()),
                    counts=tuple(slot.numbers.tolist()),
                )
                for begin_s, slot in self._stretches.in_order()
            ),
        )
