"""How the latency of an operation was spread at any time: a histogram a slot, three hundred at most.

A slot begins as a second. Where there would be more of them than that, each is put together with its neighbour: then
a slot is two seconds, and four, and so on, however long a run is. Nothing is thrown away, and nothing averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

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
        self._slot_s = 1
        self._slots: dict[int, _Slot] = {}

    def add(self, second: int, latency: LatencyCounts) -> None:
        """Take what ended in a second of measured time; the first is 1."""
        if not latency.counts:
            return
        while (second - 1) // self._slot_s >= MOST_SLOTS:
            self._double()
        self._put((second - 1) // self._slot_s, _Slot(*coarse(latency.counts), latency.moments.maximum))

    def freeze(self, operation: str, phase: str) -> LatencyOverTime:
        """Return the slots in which anything ended."""
        return LatencyOverTime(
            operation=operation,
            phase=phase,
            slot_s=self._slot_s,
            slots=tuple(
                LatencySlot(
                    begin_s=number * self._slot_s,
                    maximum_ns=slot.maximum_ns,
                    counters=tuple(slot.counters.tolist()),
                    counts=tuple(slot.numbers.tolist()),
                )
                for number, slot in sorted(self._slots.items())
            ),
        )

    def _double(self) -> None:
        self._slot_s *= 2
        before, self._slots = self._slots, {}
        for number, slot in before.items():
            self._put(number // 2, slot)

    def _put(self, number: int, slot: _Slot) -> None:
        there = self._slots.get(number)
        self._slots[number] = there.plus(slot) if there else slot
