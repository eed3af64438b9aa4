"""The response times of a phase, a histogram a batch: its attempts depend on each other, its batches hardly do.

How long a phase will last is not known, so batches are a second long at first. When there are more than twenty,
neighbours become one, and all that follow are twice as long: ten to twenty are left of whatever lasts ten seconds.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.model.measurement import PackedCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

MOST_BATCHES: Final = 20


class Batches:
    """The batches of one operation."""

    __slots__ = ("_batches", "_length_s")

    def __init__(self) -> None:
        self._length_s = 1
        self._batches: dict[int, PackedCounts] = {}

    def add(self, second: int, counts: Mapping[int, int]) -> None:
        """Add what one process counted up to the end of that second of measured time, from 1, since it last told."""
        if not counts:
            return
        while (second - 1) // self._length_s >= MOST_BATCHES:
            self._lengthen()
        self._put((second - 1) // self._length_s, packed(counts))

    def freeze(self) -> tuple[PackedCounts, ...]:
        """Return the batches in which anything was counted, in order."""
        return tuple(batch for _, batch in sorted(self._batches.items()))

    def _lengthen(self) -> None:
        shorter, self._batches = self._batches, {}
        self._length_s *= 2
        for place, batch in shorter.items():
            self._put(place // 2, batch)

    def _put(self, place: int, more: PackedCounts) -> None:
        known = self._batches.get(place)
        self._batches[place] = _together(known, more) if known else more


def packed(counts: Mapping[int, int]) -> PackedCounts:
    """Return a histogram packed."""
    counters = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    numbers = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    order = np.argsort(counters)
    return _of(counters[order], numbers[order])


def _together(left: PackedCounts, right: PackedCounts) -> PackedCounts:
    both = _integers(left.counters, right.counters)
    order = np.argsort(both, kind="stable")
    counters, numbers = both[order], _integers(left.counts, right.counts)[order]
    begins = np.flatnonzero(np.diff(counters, prepend=-1))
    return _of(counters[begins], np.add.reduceat(numbers, begins))


def _of(counters: Integers, numbers: Integers) -> PackedCounts:
    return PackedCounts(counters=array("q", counters.tobytes()), counts=array("q", numbers.tobytes()))


def _integers(left: array[int], right: array[int]) -> Integers:
    return np.concatenate([np.frombuffer(each, dtype=np.int64) for each in (left, right)])
