"""The median of rounds and its interval."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.intervals import CONFIDENCE, spread_of

ROUNDS = st.lists(st.floats(min_value=0, max_value=1e9), min_size=1, max_size=40)


def test_nine_rounds_drop_the_extremes() -> None:
    """Nine rounds: the second smallest and the second largest, 96.1 %."""
    spread = spread_of([9, 1, 8, 2, 7, 3, 6, 4, 5])
    assert (spread.median, spread.low, spread.high, spread.rounds) == (5, 2, 8, 9)
    assert spread.coverage == pytest.approx(1 - 2 * (comb(9, 0) + comb(9, 1)) / 2**9)


def test_few_rounds_span_everything_and_say_how_sure_that_is() -> None:
    """Three rounds: least to greatest, and the coverage is no more than 75 %."""
    spread = spread_of([3.0, 1.0, 2.0])
    assert (spread.low, spread.high, spread.coverage) == (1.0, 3.0, 0.75)


@given(ROUNDS)
def test_interval_holds_the_median(values: list[float]) -> None:
    """The median lies in its interval, and the interval in the data."""
    spread = spread_of(values)
    assert min(values) <= spread.low <= spread.median <= spread.high <= max(values)


@pytest.mark.parametrize("count", range(6, 40))
def test_interval_is_the_narrowest_that_is_sure_enough(count: int) -> None:
    """The next narrower interval would cover less than asked for."""
    spread = spread_of([float(n) for n in range(1, count + 1)])
    rank = int(spread.low)
    narrower = 1 - 2 * sum(comb(count, i) for i in range(rank + 1)) / 2**count
    assert spread.coverage >= CONFIDENCE > narrower


def test_no_round_has_no_median() -> None:
    """Nothing was measured, so nothing is said."""
    with pytest.raises(ValueError, match="at least one value"):
        spread_of([])
