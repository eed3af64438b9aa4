"""The counters of an HDR histogram: which one a value falls into, which values it stands for, what lies at a rank.

Range 1 ns to 1 h with three significant digits: 33 792 counters. Values below 2048 have a counter each; from there
every doubling shares 1024 counters, so a counter is never wider than 1/1024 of its values. `metrics` fills the
counters, `judging` asks for ranks that failed attempts have shifted: both use this file, so that the percentile that
is shown is the one that is judged.

Source: HdrHistogram's `countsArrayIndex` and `highestEquivalentValue` with unit magnitude 0 and 2048 sub-buckets.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOWEST_NS: Final = 1
HIGHEST_NS: Final = 3_600_000_000_000
SIGNIFICANT_DIGITS: Final = 3
COUNTERS: Final = 33_792

_SUB_BUCKET_BITS: Final = 11
_HALF_BITS: Final = _SUB_BUCKET_BITS - 1
#: A percentile is read to nine decimals, so that 99.9 / 100 = 0.9990000000000001 means 0.999.
_STEPS: Final = 1_000_000_000


def index_of(value_ns: int) -> int:
    """Return the counter of a value in ns; a value above one hour falls into the counter of one hour.

    Raises: ValueError for a negative value.
    """
    if value_ns < 0:
        raise ValueError(f"a latency is never negative, got {value_ns} ns")
    value_ns = min(value_ns, HIGHEST_NS)
    bucket = max(value_ns.bit_length() - _SUB_BUCKET_BITS, 0)
    return (bucket << _HALF_BITS) + (value_ns >> bucket)


def lowest_value(index: int) -> int:
    """Return the smallest value, in ns, that falls into the counter."""
    bucket = _bucket_of(index)
    return (index - (bucket << _HALF_BITS)) << bucket


def highest_value(index: int) -> int:
    """Return the largest value, in ns, that falls into the counter."""
    return lowest_value(index) + (1 << _bucket_of(index)) - 1


def _bucket_of(index: int) -> int:
    return max((index >> _HALF_BITS) - 1, 0)


def rank_of(q: float, total: int) -> int:
    """Return the rank, from 1, of the `q` quantile (0..1) among `total` values in ascending order: ceil(q n).

    This is the nearest rank: the smallest value that at least the share `q` of all values does not exceed, so that
    "p95 <= T" and "at least 95 % took T or less" are one statement. hdrhistogram rounds q n to the nearest integer
    instead, which can name a value that fewer than the share `q` stay below.
    """
    return max(-(-round(q * _STEPS) * total // _STEPS), 1)


def value_at_rank(counts: Mapping[int, int], rank: int) -> int:
    """Return the largest value, in ns, of the counter that holds the value of that rank (from 1).

    Raises: ValueError when there are fewer values than `rank`.
    """
    passed = 0
    for index in sorted(counts):
        passed += counts[index]
        if passed >= rank:
            return highest_value(index)
    raise ValueError(f"no value of rank {rank} among {passed}")


def percentile(counts: Mapping[int, int], total: int, q: float) -> int:
    """Return the `q` quantile (0..1) in ns, to three digits and never below the true value.

    `total` counts all values, those that are slower than any in `counts` included.

    Raises: ValueError when there are fewer values than its rank.
    """
    return value_at_rank(counts, rank_of(q, total))


def percentiles(counts: Mapping[int, int], total: int, shares: Sequence[float]) -> list[int]:
    """Return several quantiles, in ascending order of their shares, for the cost of about one.

    Raises: as `percentile`.
    """
    order = sorted(counts)
    passed = list(accumulate(map(counts.__getitem__, order)))
    places = [bisect_left(passed, rank_of(q, total)) for q in shares]
    if any(place == len(order) for place in places):
        raise ValueError(
            f"no value of rank {rank_of(max(shares), total)} among {passed[-1] if passed else 0}"
        )
    return [highest_value(order[place]) for place in places]
