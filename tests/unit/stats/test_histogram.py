"""Histograms as columns."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.hdr import COUNTERS, highest_value, index_of, lowest_value
from perfengine.stats.histogram import columns, deviation, middles
from perfengine.stats.student import sample_deviation


@given(st.lists(st.integers(0, COUNTERS - 1), min_size=1, max_size=20))
def test_middles(counters: list[int]) -> None:
    """The middle of a counter lies between its lowest and its highest value."""
    found = middles(np.asarray(counters, dtype=np.int64)).tolist()
    assert found == [(lowest_value(counter) + highest_value(counter)) / 2 for counter in counters]


@given(st.lists(st.integers(1, 10**10), min_size=2, max_size=50))
def test_deviation(values: list[int]) -> None:
    """The deviation is that of the values, to the width of their counters."""
    found = deviation(Counter(map(index_of, values)))
    assert found == pytest.approx(sample_deviation(values), abs=max(values) / 1000)


def test_columns() -> None:
    """Counters and counts stand side by side."""
    counters, numbers = columns({7: 3, 5: 1})
    assert (counters.tolist(), numbers.tolist()) == ([7, 5], [3, 1])
