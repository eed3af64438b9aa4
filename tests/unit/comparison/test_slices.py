"""The order of slices."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.comparison.slices import Arm, discarded, slice_ns, slice_order
from perfengine.units import NS_PER_MS, NS_PER_S

A, B = Arm.A, Arm.B


@given(st.integers(0, 2**31), st.integers(0, 100), st.integers(1, 20).map(lambda n: 2 * n))
def test_fours(seed: int, pair: int, slices: int) -> None:
    """Slices come in fours, ABBA or BAAB, and the same seed gives the same order."""
    order = slice_order(seed, pair, slices)
    fours = [order[n : n + 4] for n in range(0, len(order), 4)]
    assert len(order) == 2 * slices
    assert all(four in {(A, B, B, A), (B, A, A, B)} for four in fours)
    assert order == slice_order(seed, pair, slices)


def test_first_letters_are_drawn() -> None:
    """Of two hundred pairs about half of all fours begin with A, and no two pairs in a row have the same order."""
    orders = [slice_order(7, pair) for pair in range(200)]
    firsts = Counter(order[n] for order in orders for n in range(0, 20, 4))
    assert 420 < firsts[A] < 580
    assert len(set(orders)) == 32


@pytest.mark.parametrize("slices", [0, 1, 5])
def test_no_half_fours(slices: int) -> None:
    """An odd number of slices an arm has no order of fours."""
    with pytest.raises(ValueError, match="an even number an arm"):
        slice_order(1, 0, slices)


@pytest.mark.parametrize(
    ("rate_per_s", "p99_ms", "slice_ms"),
    [
        (1000, 5, 500),  # the least
        (100, 5, 2000),  # 200 attempts
        (1000, 50, 1000),  # twenty times the p99
    ],
)
def test_length(rate_per_s: float, p99_ms: float, slice_ms: int) -> None:
    """A slice is half a second, 200 attempts or twenty p99s, whichever is longest."""
    assert slice_ns(rate_per_s, p99_ms * NS_PER_MS) == slice_ms * NS_PER_S // 1000


@pytest.mark.parametrize(("attempts", "left_out"), [(1000, 50), (200, 20), (10, 10), (0, 0)])
def test_beginning(attempts: int, left_out: int) -> None:
    """The first 5 % or 20 attempts of a slice are left out."""
    assert discarded(attempts) == left_out
