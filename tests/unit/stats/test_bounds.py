"""Bounds of shares and of differences."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.bounds import Bounded, bounded_difference, bounded_share


def test_wilson() -> None:
    """Wilson's bounds of 56 and 48 of 70 and 80, as Newcombe (1998) prints them, and of their difference."""
    first, second = bounded_share(48, 80, 1, 0.95), bounded_share(56, 70, 1, 0.95)
    assert (first.lower, first.upper) == pytest.approx((0.4904, 0.7003), abs=1e-3)
    found = bounded_difference(first, second)
    assert found.value == pytest.approx(0.2)
    assert (found.lower, found.upper) == pytest.approx((0.0524, 0.3339), abs=1e-4)


@given(st.integers(0, 500), st.integers(1, 500), st.floats(1, 50))
def test_share_lies_between_its_bounds(bad: int, more: int, effect: float) -> None:
    """Bounds lie in 0..1 around the share; clusters widen them."""
    found, clustered = (bounded_share(bad, bad + more, deff, 0.99) for deff in (1, effect))
    assert 0 <= found.lower <= found.value <= found.upper <= 1
    assert clustered.upper - clustered.lower >= found.upper - found.lower - 1e-12


def test_none_bad_proves_little() -> None:
    """Without a bad attempt among a thousand the share may still be half a percent."""
    assert bounded_share(0, 1000, 1, 0.99).upper == pytest.approx(0.0066, abs=1e-4)
    assert bounded_share(0, 0, 1, 0.99) == Bounded(value=0, lower=0, upper=1)


def test_unbounded_sides() -> None:
    """A bound that is infinite leaves one side of the difference open, and the other not."""
    known, open_above = Bounded(value=1, lower=0, upper=2), Bounded(value=3, lower=2, upper=inf)
    found = bounded_difference(known, open_above)
    assert (found.value, found.upper) == (2, inf)
    assert found.lower == pytest.approx(2 - 2**0.5)
