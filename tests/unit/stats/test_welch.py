"""Differences of means."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.student import sample_deviation
from perfengine.stats.welch import difference_of_means

values = st.lists(st.floats(-5, 5), min_size=2, max_size=12)


def test_known_difference() -> None:
    """A textbook pair of samples: error sqrt(2.5 / 5 + 10 / 5), degrees of freedom 5.88."""
    found = difference_of_means([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    assert found is not None
    assert (found.value, found.error) == pytest.approx((3, sqrt(2.5)))
    assert found.df == pytest.approx(2.5**2 / (0.5**2 / 4 + 2**2 / 4))


def test_one_new_value() -> None:
    """One value against several: the prediction interval of one more of them."""
    found = difference_of_means([1, 2, 3, 4, 5], [7])
    assert found is not None
    assert (found.value, found.error, found.df) == pytest.approx((4, sqrt(2.5 * (1 + 1 / 5)), 4))


def test_one_value_on_either_side() -> None:
    """Two values do not show how much values differ."""
    assert difference_of_means([1], [2]) is None


@given(values, values)
def test_sides_change_places(before: list[float], after: list[float]) -> None:
    """The other way round the difference has the other sign and the same error."""
    there, back = difference_of_means(before, after), difference_of_means(after, before)
    assert there is not None
    assert back is not None
    assert there.value == pytest.approx(-back.value)
    assert there.error == pytest.approx(back.error)
    assert there.df == pytest.approx(back.df)


@given(values, values)
def test_degrees_of_freedom(before: list[float], after: list[float]) -> None:
    """They lie between those of the smaller side and those of both together."""
    found = difference_of_means(before, after)
    assert found is not None
    if sample_deviation(before) > 1e-6 and sample_deviation(after) > 1e-6:
        counts = len(before), len(after)
        assert min(counts) - 1 - 1e-6 <= found.df <= sum(counts) - 2 + 1e-6
