"""A window over histograms is the histogram of what lies in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.merge import merge_all
from perfengine.metrics.sliding import SlidingLatency
from perfengine.model.measurement import LatencyCounts, Moments
from perfengine.stats.hdr import index_of


def latency_of(values_ns: list[int]) -> LatencyCounts:
    """Return the histogram of some values."""
    counts: dict[int, int] = {}
    for value in values_ns:
        counts[index_of(value)] = counts.get(index_of(value), 0) + 1
    moments = Moments(
        count=len(values_ns),
        total=sum(values_ns),
        total_squares=sum(value**2 for value in values_ns),
        minimum=min(values_ns, default=0),
        maximum=max(values_ns, default=0),
    )
    return LatencyCounts(counts=counts, moments=moments)


@given(st.lists(st.lists(st.integers(0, 10**7), max_size=20), max_size=12), st.integers(1, 6))
def test_it_holds_what_the_latest_hold(streams: list[list[int]], most: int) -> None:
    """After each of them; counters that nothing is left in are gone."""
    sliding, histograms = SlidingLatency(most), [latency_of(values) for values in streams]
    for number, histogram in enumerate(histograms, start=1):
        sliding.add(histogram)
        assert sliding.total == merge_all(histograms[max(0, number - most) : number])
