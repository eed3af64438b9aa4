"""Histograms and seconds merge by addition. Percentiles are never merged."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from perfengine.model.measurement import LatencyCounts, Moments, SecondCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def merge_latency(left: LatencyCounts, right: LatencyCounts) -> LatencyCounts:
    """Return the histogram of both streams together: equal to recording one after the other."""
    return LatencyCounts(
        counts=_add(left.counts, right.counts),
        above_range=left.above_range + right.above_range,
        moments=merge_moments(left.moments, right.moments),
    )


def merge_all(histograms: Iterable[LatencyCounts]) -> LatencyCounts:
    """Return the histogram of all streams together; cheaper than two at a time."""
    counts: dict[int, int] = {}
    above_range, moments = 0, Moments()
    for each in histograms:
        for key, count in each.counts.items():
            counts[key] = counts.get(key, 0) + count
        above_range += each.above_range
        moments = merge_moments(moments, each.moments)
    return LatencyCounts(counts=counts, above_range=above_range, moments=moments)


def _add(left: Mapping[int, int], right: Mapping[int, int]) -> dict[int, int]:
    both = dict(left)
    for key, count in right.items():
        both[key] = both.get(key, 0) + count
    return both


def merge_moments(left: Moments, right: Moments) -> Moments:
    """Return the moments of both streams together."""
    if not left.count or not right.count:
        return left if left.count else right
    return Moments(
        count=left.count + right.count,
        total=left.total + right.total,
        total_squares=left.total_squares + right.total_squares,
        minimum=min(left.minimum, right.minimum),
        maximum=max(left.maximum, right.maximum),
    )


def add_seconds(a: SecondCounts, b: SecondCounts) -> SecondCounts:
    """Return what both counted in the same second."""
    return SecondCounts(
        due=a.due + b.due,
        ok=a.ok + b.ok,
        bad=a.bad + b.bad,
        dropped=a.dropped + b.dropped,
        slower=tuple(map(sum, zip_longest(a.slower, b.slower, fillvalue=0))),
    )
