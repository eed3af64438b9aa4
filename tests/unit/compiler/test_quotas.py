"""Whole numbers in the proportions of weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.compiler.quotas import quotas_of


@pytest.mark.parametrize(
    ("weights", "total", "quotas"),
    [
        ([50, 20, 20, 5, 5], 1000, (500, 200, 200, 50, 50)),
        ([1, 1, 1], 100, (34, 33, 33)),
        ([0.5, 0.25, 0.25], 10, (5, 3, 2)),
        ([1], 7, (7,)),
        # nobody comes away empty
        ([1000, 1], 10, (10, 1)),
        ([1, 1, 1, 1], 2, (1, 1, 1, 1)),
        # a tenth three times is no binary fraction
        ([0.1, 0.1, 0.1], 3, (1, 1, 1)),
    ],
)
def test_quotas(weights: list[float], total: int, quotas: tuple[int, ...]) -> None:
    """The largest remainder gets what is left over."""
    assert quotas_of(weights, total) == quotas


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=8), st.integers(1, 200_000))
def test_quotas_are_near_their_share(weights: list[float], total: int) -> None:
    """Each is at least 1 and within one of its exact share; together they make the total, or a little more."""
    quotas = quotas_of(weights, total)
    assert all(
        quota == 1 or abs(quota - total * weight / sum(weights)) < 1 + 1e-6
        for quota, weight in zip(quotas, weights, strict=True)
    )
    assert min(quotas) >= 1
    assert total <= sum(quotas) < total + len(weights)
