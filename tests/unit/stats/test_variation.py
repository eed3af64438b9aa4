"""What a few runs prove about the variation of all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.stats.variation import lower_factor, runs_to_prove, upper_factor


@pytest.mark.parametrize(("runs", "factor"), [(5, 2.372), (7, 1.915), (10, 1.645)])
def test_known_factors(runs: int, factor: float) -> None:
    """The factors are those of the chi-square tables."""
    assert upper_factor(runs) == pytest.approx(factor, abs=0.002)


def test_known_lower_factor() -> None:
    """Four degrees of freedom: sqrt(4 / 9.488)."""
    assert lower_factor(5) == pytest.approx((4 / 9.488) ** 0.5, rel=1e-4)


@settings(deadline=None)
@given(st.integers(2, 300))
def test_more_runs_narrow_the_bounds(runs: int) -> None:
    """The observed variation lies between its bounds, and another run brings them nearer."""
    assert lower_factor(runs) < 1 < upper_factor(runs)
    assert upper_factor(runs + 1) < upper_factor(runs)
    assert lower_factor(runs + 1) > lower_factor(runs)


@pytest.mark.parametrize(
    ("variation", "runs"), [(0.042, 5), (0.043, 6), (0.06, 10), (0.099, None), (0.1, None)]
)
def test_runs_to_prove_ten_percent(variation: float, runs: int | None) -> None:
    """The nearer the variation is to the limit, the more runs it takes; at the limit no number does."""
    assert runs_to_prove(variation, 0.1, 5) == runs
