"""Counts in bulk are hdrhistogram's own, counter by counter, and the moments beside them are exact."""

from __future__ import annotations

from array import array
from statistics import mean, variance
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.counts import Counts, count_values, counter_indexes, zeros
from perfengine.model.measurement import LatencyCounts, Moments
from perfengine.stats.hdr import COUNTERS, HIGHEST_NS, SIGNIFICANT_DIGITS, index_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Three hours: well above the range of an hour.
LONG_NS = 3 * HIGHEST_NS
in_range = st.one_of(st.integers(0, 5000), st.integers(0, HIGHEST_NS))
latencies = st.lists(st.one_of(in_range, st.integers(HIGHEST_NS + 1, LONG_NS)), max_size=60)


def count(values_ns: Sequence[int]) -> LatencyCounts:
    """Return the histogram of the values."""
    counts = Counts()
    counts.add(np.array(values_ns, dtype=np.int64))
    return counts.freeze()


def counters_of_hdrhistogram(values_ns: Sequence[int]) -> dict[int, int]:
    """Return what hdrhistogram counts for the values, recorded one by one."""
    histogram = HdrHistogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS)
    for value in values_ns:
        histogram.record_value(value)
    return {index: int(n) for index, n in enumerate(histogram.counts) if n}


def test_every_bit_length() -> None:
    """Around every power of two of the range, and at its ends, all counters are hdrhistogram's."""
    values = [0, 1, HIGHEST_NS - 1, HIGHEST_NS]
    for bits in range(HIGHEST_NS.bit_length()):
        values += [2**bits - 1, 2**bits, 2**bits + 1, 3 * 2**bits // 2]
    values = [value for value in values if value <= HIGHEST_NS]
    assert count(values).counts == counters_of_hdrhistogram(values)


def test_random_values() -> None:
    """Ten thousand values of all magnitudes are counted as hdrhistogram counts them."""
    values = (10 ** np.random.default_rng(42).uniform(0, 12.55, 10_000)).astype(np.int64)
    assert int(values.max()) > HIGHEST_NS // 2
    counted = count(values.tolist()).counts
    assert counted == counters_of_hdrhistogram(values[values <= HIGHEST_NS].tolist())
    assert max(counted) < COUNTERS


@given(st.lists(in_range, max_size=40))
def test_any_values(values: list[int]) -> None:
    """Whatever lies in the range is counted as hdrhistogram counts it."""
    assert count(values).counts == counters_of_hdrhistogram(values)


@given(st.lists(in_range, min_size=1, max_size=40))
def test_indexes_are_those_of_stats(values: list[int]) -> None:
    """The vectorised index is the one that percentiles and judges read."""
    assert counter_indexes(np.array(values, dtype=np.int64)).tolist() == [index_of(v) for v in values]


@given(latencies)
def test_moments_are_exact(values: list[int]) -> None:
    """Count, sums, minimum and maximum are those of the values themselves, above range or not."""
    assert count(values).moments == Moments(
        count=len(values),
        total=sum(values),
        total_squares=sum(value * value for value in values),
        minimum=min(values, default=0),
        maximum=max(values, default=0),
    )


@given(st.lists(in_range, min_size=2, max_size=40))
def test_moments_agree_with_statistics(values: list[int]) -> None:
    """Mean and sample variance follow from the moments as the statistics module computes them."""
    moments = count(values).moments
    n = moments.count
    assert moments.total / n == pytest.approx(mean(values))
    assert (n * moments.total_squares - moments.total**2) / (n * (n - 1)) == pytest.approx(variance(values))


@given(latencies)
def test_above_range_is_clamped_and_counted(values: list[int]) -> None:
    """A value above an hour is counted apart, and in the counter of an hour; none is dropped."""
    counted = count(values)
    assert counted.above_range == sum(value > HIGHEST_NS for value in values)
    assert counted.counts == counters_of_hdrhistogram([min(value, HIGHEST_NS) for value in values])
    assert sum(counted.counts.values()) == len(values)


@given(st.lists(latencies, max_size=5))
def test_adding_in_parts(parts: list[list[int]]) -> None:
    """Values added part by part are counted as if they came at once."""
    counts = Counts()
    for part in parts:
        counts.add(np.array(part, dtype=np.int64))
    assert counts.freeze() == count([value for part in parts for value in part])


def test_sums_do_not_overflow() -> None:
    """Three million of the longest latencies, whose plain sum is beyond 63 bits already, are summed exactly."""
    n = 3 * 2**20 + 5
    counts = Counts()
    counts.add(np.full(n, HIGHEST_NS, dtype=np.int64))
    moments = counts.freeze().moments
    assert moments.total > 2**63
    assert (moments.total, moments.total_squares) == (n * HIGHEST_NS, n * HIGHEST_NS**2)


@pytest.mark.parametrize("values", [[-1], [5, -7, 9], [LONG_NS, -1]])
def test_negative_latency_is_refused(values: list[int]) -> None:
    """A negative latency, which no clock can give, is refused and named."""
    with pytest.raises(ValueError, match=rf"never negative, got {min(values)} ns"):
        count(values)


def test_nothing() -> None:
    """Without a value everything is zero."""
    assert count([]) == LatencyCounts() == Counts().freeze()


@given(st.lists(latencies, max_size=5))
def test_absorbing_is_counting_what_the_other_counted(parts: list[list[int]]) -> None:
    """Histograms of parts are absorbed to that of the whole, whether or not anything was counted before."""
    counts = Counts()
    for part in parts:
        counts.absorb(count(part))
    assert counts.freeze() == count([value for part in parts for value in part])


@given(st.lists(latencies, max_size=5))
def test_taking_starts_over(parts: list[list[int]]) -> None:
    """Each time what came since the last, and nothing of it stays behind: neither counters nor extremes."""
    counts = Counts()
    for part in parts:
        counts.add(np.array(part, dtype=np.int64))
        assert counts.take() == count(part)
    assert counts.freeze() == LatencyCounts()


def test_count_values() -> None:
    """An array of durations becomes a histogram."""
    values = [0, 5, HIGHEST_NS, 5]
    assert count_values(array("q", values)) == count(values)
    assert count_values(array("q")) == count([])


@given(st.integers(0, 1_000))
def test_zeros(n: int) -> None:
    """Made without counting, and the same."""
    assert zeros(n) == count([0] * n)
