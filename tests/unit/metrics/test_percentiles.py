"""Percentiles that are shown: to three digits, never below the truth and never above the largest value."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.percentiles import percentiles_of
from perfengine.model.measurement import LatencyCounts
from perfengine.stats.hdr import HIGHEST_NS
from tests.unit.metrics.test_counts import count


@given(st.lists(st.integers(0, HIGHEST_NS), min_size=1, max_size=40))
def test_they_lie_among_what_was_seen(values: list[int]) -> None:
    """The median has half of the values at or below it; the last one is the largest, to the nanosecond."""
    median, last = percentiles_of(count(values), (0.5, 1.0))
    assert 2 * sum(value <= median for value in values) >= len(values)
    assert last == max(values)
    assert median <= max(values)


def test_nothing_has_none() -> None:
    """Not one for each share: there is nothing to show."""
    assert percentiles_of(LatencyCounts(), (0.5, 0.99)) == []
