"""A histogram as columns, for what is computed of all its counters at once."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_HALF_BITS = 10


def columns(counts: Mapping[int, int]) -> tuple[Integers, Integers]:
    """Return the counters and how many values each has, in the order of the mapping."""
    size = len(counts)
    return np.fromiter(counts.keys(), np.int64, size), np.fromiter(counts.values(), np.int64, size)


def middles(counters: Integers) -> NDArray[np.float64]:
    """Return the middle of the values, in ns, that fall into each counter: see stats/hdr.py."""
    buckets = np.maximum((counters >> _HALF_BITS) - 1, 0)
    lowest = (counters - (buckets << _HALF_BITS)) << buckets
    found: NDArray[np.float64] = lowest + ((1 << buckets) - 1) / 2
    return found


def deviation(counts: Mapping[int, int]) -> float:
    """Return the standard deviation of the sample in ns, its values taken at the middles of their counters.

    Raises: ZeroDivisionError without values.
    """
    counters, numbers = columns(counts)
    values, total = middles(counters), int(numbers.sum())
    mean = float(numbers @ values) / total
    return sqrt(float(numbers @ (values - mean) ** 2) / max(total - 1, 1))
