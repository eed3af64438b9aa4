"""The response times of a phase, a histogram a batch: its attempts depend on each other, its batches hardly do.

A batch is a stretch of measured time: ten to twenty are left of whatever lasts ten seconds.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.metrics.stretches import Stretches
from perfengine.model.measurement import PackedCounts
from perfengine.stats.coarse import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

MOST_BATCHES: Final = 20


class Batches:
    """The batches of one operation."""

    __slots__ = ("_stretches",)

    def __init__(self) -> None:
        self._stretches: Stretches[PackedCounts] = Stretches(MOST_BATCHES, _together)

    def add(self, second: int, counts: Mapping[int, int]) -> None:
        """Add what one process counted up to the end of that second of measured time, from 1, since it last told."""
        if counts:
            self._stretches.add(second, packed(counts))

    def freeze(self) -> tuple[PackedCounts, ...]:
        """Return the batches in which anything was counted, in order."""
        return tuple(batch for _, batch in self._stretches.in_order())


def packed(counts: Mapping[int, int]) -> PackedCounts:
    """Return a histogram packed."""
    counters = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    numbers = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    order = np.argsort(counters)
    return _of(counters[order], numbers[order])


def _together(left: PackedCounts, right: PackedCounts) -> PackedCounts:
    return _of(*summed(_integers(left.counters, right.counters), _integers(left.counts, right.counts)))


def _of(counters: Integers, numbers: Integers) -> PackedCounts:
    return PackedCounts(counters=array("q", counters.tobytes()), counts=array("q", numbers.tobytes()))


def _integers(left: array[int], right: array[int]) -> Integers:
    return np.concatenate([np.frombuffer(each, dtype=np.int64) for each in (left, right)])
