"""A window over histograms is the histogram of what lies in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.merge import merge_all
from perfengine.metrics.sliding import SlidingLatency
from tests.builders import count_latencies


@given(st.lists(st.lists(st.integers(0, 10**7), max_size=20), max_size=12), st.integers(1, 6))
def test_it_holds_what_the_latest_hold(streams: list[list[int]], most: int) -> None:
    """After each of them; counters that nothing is left in are gone."""
    sliding, histograms = SlidingLatency(most), [count_latencies(values) for values in streams]
    for number, histogram in enumerate(histograms, start=1):
        sliding.add(histogram)
        assert sliding.total == merge_all(histograms[max(0, number - most) : number])
