"""Distances from the middle half."""

from __future__ import annotations

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.tukey import distances


def test_by_hand() -> None:
    """Quartiles 2 and 4: 8 lies two of their distances above, 0 one below."""
    assert distances([1, 2, 3, 4, 8]) == (0.5, 0, 0, 0, 2)


def test_most_values_equal() -> None:
    """Where half of the values are one, any other is infinitely far."""
    assert distances([1, 1, 1, 1, 2]) == (0, 0, 0, 0, inf)


def test_too_few_to_have_quartiles() -> None:
    """Four values have no middle half to speak of."""
    assert distances([1, 1, 1, 100]) == (0, 0, 0, 0)


@given(st.lists(st.floats(-100, 100), min_size=5, max_size=40))
def test_the_median_is_inside(values: list[float]) -> None:
    """The values in the middle have no distance, and none is negative."""
    found = distances(values)
    in_order = [distance for _, distance in sorted(zip(values, found, strict=True))]
    assert min(found) == 0
    assert in_order[len(values) // 2] == 0
