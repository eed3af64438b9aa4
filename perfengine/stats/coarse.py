"""Histograms of which there are many: 32 neighbours of stats/hdr.py as one counter, no wider than 1/32 of its values.

A coarse counter is the fine one without its last five bits: merged histograms are those of merged values, exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.stats.hdr import highest_value, lowest_value, rank_of
from perfengine.stats.histogram import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_BITS: Final = 5
_FINE: Final = 1 << _BITS


def coarse(counts: Mapping[int, int]) -> tuple[Integers, Integers]:
    """Return the coarse counters that hold anything, ascending, and how many values each has."""
    counters, numbers = columns(counts)
    return summed(counters >> _BITS, numbers)


def summed(counters: Integers, numbers: Integers) -> tuple[Integers, Integers]:
    """Return each counter once, ascending, with the sum of its numbers."""
    found, places = np.unique(counters, return_inverse=True)
    totals = np.zeros(len(found), dtype=np.int64)
    np.add.at(totals, places, numbers)
    return found, totals


def lowest_ns(counter: int) -> int:
    """Return the smallest value, in ns, that falls into a coarse counter."""
    return lowest_value(counter << _BITS)


def highest_ns(counter: int) -> int:
    """Return the largest value, in ns, that falls into a coarse counter."""
    return highest_value((counter << _BITS) + _FINE - 1)


def coarse_percentile(counters: Integers, numbers: Integers, q: float) -> int | None:
    """Return the `q` quantile (0..1) in ns, at most 1/32 above the true value; None without values.

    `counters` ascend.
    """
    passed = np.cumsum(numbers)
    if not len(passed) or not passed[-1]:
        return None
    place = int(np.searchsorted(passed, rank_of(q, int(passed[-1])), side="left"))
    return highest_ns(int(counters[place]))
