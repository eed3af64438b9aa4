"""HDR counters in bulk: values to counter indexes, vectorised, bit-identical to hdrhistogram's own.

Range 1 ns to 1 h with three significant digits: the counter of `v` is `(b << 10) + (v >> b)` with
`b = max(bit_length(v) - 11, 0)`. Source: HdrHistogram's `countsArrayIndex` with unit magnitude 0 and 2048
sub-buckets. `tests/unit/metrics` holds it against the library for every bit length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perfengine.model.measurement import LatencyCounts, Moments
from perfengine.stats.hdr import COUNTERS, HIGHEST_NS

if TYPE_CHECKING:
    from array import array

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_SUB_BUCKET_BITS = 11
_HALF_BITS = _SUB_BUCKET_BITS - 1
#: Latencies are split here so that sums of squares stay inside 64 bits: 21 bits below, 21 above.
_SPLIT_BITS = 21
_LOW_MASK = (1 << _SPLIT_BITS) - 1
#: Values in one exact sum: 2^20 squares of 42 bits fit 63 bits.
_CHUNK = 1 << 20


def counter_indexes(values_ns: Integers) -> Integers:
    """Return the counter index of each value; values must lie in 0..`HIGHEST_NS`."""
    # frexp's exponent is the bit length, exact below 2^53
    bit_length = np.frexp(values_ns.astype(np.float64))[1].astype(np.int64)
    bucket = np.maximum(bit_length - _SUB_BUCKET_BITS, 0)
    return (bucket << _HALF_BITS) + (values_ns >> bucket)


class Counts:
    """A growing histogram with exact moments beside it. Nothing is dropped: above range is clamped and counted."""

    __slots__ = ("_above_range", "_count", "_counters", "_maximum", "_minimum", "_total", "_total_squares")

    def __init__(self) -> None:
        self._counters: Integers | None = None  #: made when the first value comes: most histograms stay empty
        self._above_range = 0
        self._count = 0
        self._total = 0
        self._total_squares = 0
        self._minimum = 0
        self._maximum = 0

    def add(self, values_ns: Integers) -> None:
        """Count every value, in ns."""
        for start in range(0, len(values_ns), _CHUNK):
            self._add_chunk(values_ns[start : start + _CHUNK])

    def _add_chunk(self, values_ns: Integers) -> None:
        smallest, largest = int(values_ns.min()), int(values_ns.max())
        if smallest < 0:
            raise ValueError(f"a latency is never negative, got {smallest} ns")
        self._minimum = min(self._minimum, smallest) if self._count else smallest
        self._maximum = max(self._maximum, largest)
        self._count += len(values_ns)
        if largest > HIGHEST_NS:
            values_ns = self._take_above_range(values_ns)
        np.add.at(self._made(), counter_indexes(values_ns), 1)
        self._sum(values_ns)

    def _made(self) -> Integers:
        if self._counters is None:
            self._counters = np.zeros(COUNTERS, dtype=np.int64)
        return self._counters

    def absorb(self, latency: LatencyCounts) -> None:
        """Count everything that another histogram counted."""
        moments = latency.moments
        if not moments.count:
            return
        indexes = np.fromiter(latency.counts.keys(), dtype=np.int64, count=len(latency.counts))
        values = np.fromiter(latency.counts.values(), dtype=np.int64, count=len(latency.counts))
        self._made()[indexes] += values
        self._minimum = min(self._minimum, moments.minimum) if self._count else moments.minimum
        self._maximum = max(self._maximum, moments.maximum)
        self._count += moments.count
        self._total += moments.total
        self._total_squares += moments.total_squares
        self._above_range += latency.above_range

    def _take_above_range(self, values_ns: Integers) -> Integers:
        """Count values above range in the last counter with their exact moments; return the others."""
        above = values_ns > HIGHEST_NS
        for value in values_ns[above].tolist():
            self._above_range += 1
            self._total += value
            self._total_squares += value * value
            self._made()[int(counter_indexes(np.array([HIGHEST_NS]))[0])] += 1
        return values_ns[~above]

    def _sum(self, values_ns: Integers) -> None:
        high, low = values_ns >> _SPLIT_BITS, values_ns & _LOW_MASK
        self._total += int(values_ns.sum())
        self._total_squares += (
            (int(np.dot(high, high)) << (2 * _SPLIT_BITS))
            + (int(np.dot(high, low)) << (_SPLIT_BITS + 1))
            + int(np.dot(low, low))
        )

    def take(self) -> LatencyCounts:
        """Return what was counted since the last call, and start over; only the counters in use are touched."""
        latency = self.freeze()
        if self._counters is not None:
            self._counters[np.fromiter(latency.counts, dtype=np.int64, count=len(latency.counts))] = 0
        self._above_range = self._count = self._total = self._total_squares = 0
        self._minimum = self._maximum = 0
        return latency

    def freeze(self) -> LatencyCounts:
        """Return what was counted so far."""
        counts: dict[int, int] = {}
        if self._counters is not None and self._count:
            # between the extremes only: looking at all counters costs several times as much
            edges = np.minimum(np.array([self._minimum, self._maximum], dtype=np.int64), HIGHEST_NS)
            low, high = counter_indexes(edges).tolist()
            used = low + np.flatnonzero(self._counters[low : high + 1])
            counts = dict(zip(used.tolist(), self._counters[used].tolist(), strict=True))
        moments = Moments(
            count=self._count,
            total=self._total,
            total_squares=self._total_squares,
            minimum=self._minimum,
            maximum=self._maximum,
        )
        return LatencyCounts(counts=counts, above_range=self._above_range, moments=moments)


def count_values(values_ns: array[int]) -> LatencyCounts:
    """Return the histogram of an array of durations in ns."""
    counts = Counts()
    counts.add(np.array(values_ns, dtype=np.int64))
    return counts.freeze()


def zeros(count: int) -> LatencyCounts:
    """Return the histogram of `count` durations of nothing: of what a load model says does not happen."""
    return LatencyCounts(counts={0: count}, moments=Moments(count=count)) if count else LatencyCounts()
