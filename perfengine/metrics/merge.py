"""Histograms, counts, costs and seconds merge by addition. Percentiles are never merged."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final, TypeVar

from perfengine.model.measurement import LatencyCounts, Moments, ProcessCost, SecondCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Key = TypeVar("Key")

#: What adds up of an operation's `Measurement`, by name: its histograms, and its counts.
HISTOGRAMS: Final = ("response", "lateness", "pool_wait", "service", "failed_response")
COUNTS: Final = ("attempts", "starved", "unfinished", "dropped", "retried", "records_processed")


def merge_latency(left: LatencyCounts, right: LatencyCounts) -> LatencyCounts:
    """Return the histogram of both streams together: equal to recording one after the other."""
    return merge_all((left, right))


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


def add_counts(left: Mapping[Key, int], right: Mapping[Key, int]) -> dict[Key, int]:
    """Return how often each came on either side."""
    both = dict(left)
    for key, count in right.items():
        both[key] = both.get(key, 0) + count
    return both


def add_costs(a: ProcessCost, b: ProcessCost) -> ProcessCost:
    """Return what a load process cost in both stretches of its time."""
    return ProcessCost(
        wall_ns=a.wall_ns + b.wall_ns,
        cpu_ns=a.cpu_ns + b.cpu_ns,
        run_queue_ns=a.run_queue_ns + b.run_queue_ns,
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
