"""The arithmetic of HDR counters, held against hdrhistogram's own."""

from __future__ import annotations

from collections import Counter

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.hdr import (
    COUNTERS,
    HIGHEST_NS,
    SIGNIFICANT_DIGITS,
    highest_value,
    index_of,
    lowest_value,
    percentile,
    percentiles,
    rank_of,
    value_at_rank,
)

REFERENCE = HdrHistogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS)
values_ns = st.one_of(st.integers(0, 5000), st.integers(0, HIGHEST_NS))


def test_number_of_counters() -> None:
    """There are as many counters as hdrhistogram makes for the range."""
    assert REFERENCE.counts_len == COUNTERS


@given(values_ns)
def test_index_is_that_of_hdrhistogram(value_ns: int) -> None:
    """A value falls into the same counter as in hdrhistogram."""
    assert index_of(value_ns) == REFERENCE._counts_index_for(value_ns)


@pytest.mark.parametrize("bits", range(42))
def test_index_at_powers_of_two(bits: int) -> None:
    """The counters agree where a bucket ends and the next begins."""
    for value_ns in (2**bits - 1, 2**bits, 2**bits + 1):
        if value_ns <= HIGHEST_NS:
            assert index_of(value_ns) == REFERENCE._counts_index_for(value_ns)


@given(st.integers(0, COUNTERS - 1))
def test_range_of_a_counter_is_that_of_hdrhistogram(index: int) -> None:
    """A counter stands for the same values as in hdrhistogram."""
    lowest = REFERENCE.get_value_from_index(index)
    assert lowest_value(index) == lowest
    assert highest_value(index) == REFERENCE.get_highest_equivalent_value(lowest)


@given(values_ns)
def test_counter_holds_its_value_to_three_digits(value_ns: int) -> None:
    """A value lies in the range of its counter, which is no wider than a thousandth of it."""
    index = index_of(value_ns)
    assert lowest_value(index) <= value_ns <= highest_value(index)
    assert highest_value(index) - lowest_value(index) <= value_ns / 1000


def test_above_range() -> None:
    """A value above one hour is counted with one hour."""
    assert index_of(HIGHEST_NS * 7) == index_of(HIGHEST_NS)


def test_negative_latency() -> None:
    """A negative latency is a mistake, and is named."""
    with pytest.raises(ValueError, match="got -5 ns"):
        index_of(-5)


@given(st.lists(values_ns, min_size=1, max_size=60), st.data())
def test_value_at_rank_is_that_of_hdrhistogram(values: list[int], data: st.DataObject) -> None:
    """The value at rank k is hdrhistogram's at the percentile 100 k / n."""
    rank = data.draw(st.integers(1, len(values)))
    histogram = HdrHistogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS)
    for value in values:
        histogram.record_value(value)
    counts = Counter(map(index_of, values))
    assert value_at_rank(counts, rank) == histogram.get_value_at_percentile(100 * rank / len(values))


@given(st.lists(values_ns, min_size=1, max_size=60), st.sampled_from((0.5, 0.9, 0.95, 0.99, 0.999)))
def test_percentile_is_the_nearest_rank(values: list[int], q: float) -> None:
    """A percentile names the counter of the value that the share q of all values does not exceed."""
    found = percentile(Counter(map(index_of, values)), len(values), q)
    true = next(
        value for value in sorted(values) if sum(other <= value for other in values) >= q * len(values)
    )
    assert index_of(found) == index_of(true)
    assert found >= true


@pytest.mark.parametrize(
    ("q", "total", "rank"),
    [
        (0.5, 1, 1),
        (0.5, 2, 1),  # half of two: the first
        (0.95, 20, 19),
        (0.95, 21, 20),  # 19.95 is not enough
        (0.95, 10, 10),
        (99.9 / 100, 1000, 999),  # 0.9990000000000001 in floating point
        (0.07, 100, 7),  # 7.000000000000001 in floating point
        (0.0, 5, 1),
        (1.0, 5, 5),
    ],
)
def test_rank(q: float, total: int, rank: int) -> None:
    """The rank is q n rounded up, in exact arithmetic."""
    assert rank_of(q, total) == rank


@given(st.integers(1, 10**12), st.integers(1, 999))
def test_rank_is_exact(total: int, thousandths: int) -> None:
    """However many values there are, the rank is the exact ceiling."""
    assert rank_of(thousandths / 1000, total) == -(-thousandths * total // 1000)


def test_rank_where_hdrhistogram_rounds_down() -> None:
    """Where hdrhistogram takes the 29th of 31 values for the p95, which 93.5 % do not exceed, this takes the 30th."""
    values = list(range(1, 32))
    histogram = HdrHistogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS)
    for value in values:
        histogram.record_value(value)
    assert histogram.get_value_at_percentile(95.0) == 29
    assert percentile(Counter(map(index_of, values)), 31, 0.95) == 30


def test_rank_beyond_the_values() -> None:
    """A rank without a value is a mistake that says how many there are."""
    with pytest.raises(ValueError, match="no value of rank 4 among 3"):
        value_at_rank({7: 3}, 4)


@given(
    st.lists(st.integers(0, HIGHEST_NS), min_size=1, max_size=50),
    st.lists(st.floats(0, 1), max_size=5).map(sorted),
)
def test_several_percentiles_at_once(values: list[int], shares: list[float]) -> None:
    """They are those that are asked for one at a time."""
    counts = Counter(map(index_of, values))
    assert percentiles(counts, len(values), shares) == [percentile(counts, len(values), q) for q in shares]


def test_a_percentile_beyond_the_values() -> None:
    """As for one: values that are slower than any counted lie beyond."""
    assert percentiles({7: 3}, 6, [0.5]) == [7]
    with pytest.raises(ValueError, match="no value of rank 6 among 3"):
        percentiles({7: 3}, 6, [0.5, 1.0])
