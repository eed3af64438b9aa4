"""Bounds of quantiles of histograms."""

from __future__ import annotations

from collections import Counter
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.hdr import index_of, percentile
from perfengine.stats.student import Estimate
from perfengine.stats.woodruff import (
    bounded_quantile,
    independent_share_error,
    samples_for_bounds,
)

#: 1 to 1000 ns, once each: below 2048 every value has a counter of its own.
EACH = Counter(map(index_of, range(1, 1001)))


@pytest.mark.parametrize(("q", "samples"), [(0.5, 6), (0.95, 72), (0.99, 368), (0.999, 3688)])
def test_samples_for_bounds(q: float, samples: int) -> None:
    """The numbers are those at which the order statistics of a two-sided 95 % interval exist."""
    assert samples_for_bounds(q) == samples


def test_bounds_are_ranks() -> None:
    """A share of 0.9 +- 0.02 of a thousand values is the ranks 880 and 920."""
    share = Estimate(value=0.9, error=0.02 / 1.959964, df=1e9)
    found = bounded_quantile(0.9, EACH, share, 0.95)
    assert (found.lower, found.value, found.upper) == (880, 900, 920)


def test_bounds_beyond_all_values() -> None:
    """A share that may be above 1 leaves the quantile open above, one that may be below 0 leaves it open below."""
    wide = Estimate(value=0.9, error=1.0, df=9)
    found = bounded_quantile(0.9, EACH, wide, 0.95)
    assert (found.lower, found.value, found.upper) == (0, 900, inf)


@given(st.lists(st.integers(1, 10**9), min_size=20, max_size=200), st.sampled_from((0.5, 0.9, 0.95)))
def test_quantile_lies_between_its_bounds(values: list[int], q: float) -> None:
    """The value is the percentile that is shown everywhere, and the bounds enclose it."""
    counts = Counter(map(index_of, values))
    found = bounded_quantile(q, counts, independent_share_error(q, len(values), 1.0), 0.95)
    assert found.value == percentile(counts, len(values), q)
    assert found.lower <= found.value <= found.upper
