"""Where a level changed: the formula, the power against steps, the quiet on flat series, and what drifts."""

from __future__ import annotations

from itertools import combinations
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.change_points import (
    ShiftRule,
    _farthest_apart,
    level_shifts,
    neighbour_correlation,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE = ShiftRule(least_shift=log(1.025))
STEP = log(1.05)
#: Series of each kind: their random numbers are the same every time.
SERIES = 100


def noise(seed: int, count: int, deviation: float, correlation: float = 0.0) -> list[float]:
    """Return a first-order process of that deviation; without correlation its values are independent."""
    draws: list[float] = np.random.default_rng(seed).normal(0, deviation, count).tolist()
    for at in range(1, count):
        draws[at] = correlation * draws[at - 1] + sqrt(1 - correlation**2) * draws[at]
    return draws


def stepped(values: Sequence[float], steps: Sequence[float], counts: Sequence[int]) -> list[float]:
    """Return the values raised by each step for so many of them."""
    raised = [step for step, count in zip(steps, counts, strict=True) for _ in range(count)]
    return [value + step for value, step in zip(values, raised, strict=True)]


def with_step(seed: int, deviation: float, *, before: int = 40, after: int) -> list[float]:
    """Return independent values whose level goes up by 5 %."""
    return stepped(noise(seed, before + after, deviation), [0.0, STEP], [before, after])


def q_of(values: Sequence[float], tau: int, kappa: int) -> float:
    """Return Q as it is written down: sums over pairs."""
    left, right = values[:tau], values[tau:kappa]
    n, m = len(left), len(right)
    across = sum(abs(x - y) for x in left for y in right)
    own = [sum(abs(x - y) for x, y in combinations(side, 2)) for side in (left, right)]
    return 2 / (m + n) * across - 2 * m / ((m + n) * (n - 1)) * own[0] - 2 * n / ((m + n) * (m - 1)) * own[1]


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=14), st.integers(2, 4))
def test_the_best_place_is_that_of_the_formula(values: list[int], least: int) -> None:
    """No other place has a larger Q, whatever lies behind the second part."""
    if len(values) < 2 * least:
        return
    best = {
        tau: max(q_of(values, tau, kappa) for kappa in range(tau + least, len(values) + 1))
        for tau in range(least, len(values) - least + 1)
    }
    found = _farthest_apart(np.asarray(values, dtype=np.float64), least)
    assert best[found] == pytest.approx(max(best.values()))


def test_a_clean_step() -> None:
    """Its place, its levels, and that chance does not make it."""
    (shift,) = level_shifts([1.0, 1.1] * 10 + [2.0, 2.1] * 10, ShiftRule())
    assert shift.index == 20
    assert [shift.before, shift.after] == pytest.approx([1.05, 2.05])
    assert shift.p_value < 1e-20


def test_up_and_down_again() -> None:
    """Two steps are two change points, each against the level beside it."""
    values = stepped(noise(1, 90, 0.01), [0.0, STEP, 0.0], [30, 30, 30])
    assert [shift.index for shift in level_shifts(values, RULE)] == [30, 60]


@pytest.mark.parametrize(
    ("deviation", "after", "least_found"), [(0.01, 5, 0.99), (0.02, 12, 0.9), (0.03, 20, 0.75)]
)
def test_a_step_of_five_percent_is_found(deviation: float, after: int, least_found: float) -> None:
    """In noise of 1 % at once, of 2 % within two weeks of nightly runs, of 3 % mostly within three."""
    found = [level_shifts(with_step(seed, deviation, after=after), RULE) for seed in range(SERIES)]
    near = [any(abs(shift.index - 40) <= 5 for shift in shifts) for shifts in found]
    assert sum(near) >= least_found * SERIES


@pytest.mark.parametrize("deviation", [0.01, 0.02, 0.03])
def test_flat_series_are_quiet(deviation: float) -> None:
    """Of a hundred series of 60 independent runs two at most are said to change."""
    found = [level_shifts(noise(seed, 60, deviation), RULE) for seed in range(1000, 1000 + 3 * SERIES)]
    assert sum(map(bool, found)) <= 0.02 * 3 * SERIES


def test_series_that_remember_themselves_are_known() -> None:
    """A flat series of 3 % with a correlation of 0.5 often seems to change: nearly always the correlation shows."""
    seeming = passed = 0
    for seed in range(SERIES):
        values = noise(seed, 60, 0.03, 0.5)
        cuts = [shift.index for shift in level_shifts(values, RULE)]
        correlation = neighbour_correlation(values, cuts)
        assert correlation is not None
        seeming += bool(cuts)
        passed += bool(cuts) and abs(correlation) <= 0.2
    assert seeming > 0.3 * SERIES, "the test is about nothing"
    assert passed <= 0.1 * SERIES


def test_a_step_is_no_correlation() -> None:
    """The level's own change is not in it, neither where the series is cut nor by estimated levels."""
    found = [neighbour_correlation(with_step(seed, 0.01, after=40), [40]) for seed in range(SERIES)]
    assert np.mean([each for each in found if each is not None]) == pytest.approx(0, abs=0.03)
    assert np.mean([abs(each) <= 0.2 for each in found if each is not None]) >= 0.9
    uncut = neighbour_correlation(with_step(1, 0.01, after=40))
    assert uncut is not None
    assert uncut > 0.2


def test_correlation_of_a_known_process() -> None:
    """A long series shows what it was made with; one that goes up and down shows -1."""
    assert neighbour_correlation(noise(5, 20_000, 1.0, 0.6)) == pytest.approx(0.6, abs=0.03)
    assert neighbour_correlation([1.0, 2.0] * 500) == pytest.approx(-1, abs=0.01)
    climbing = [value + night / 300 for night, value in enumerate(noise(6, 60, 0.01))]
    drift = neighbour_correlation(climbing, [20, 40])
    assert drift is not None
    assert drift > 0.2


@pytest.mark.parametrize("values", [[], [1.0], [1.0] * 50, [1.0, 9.0] * 3 + [9.0]])
def test_nothing_to_find(values: list[float]) -> None:
    """Fewer than eight values, or all of them the same."""
    assert level_shifts(values, ShiftRule()) == ()
    if len(set(values)) < 2:
        assert neighbour_correlation(values) is None


def test_what_is_too_small_does_not_count() -> None:
    """A step of 2 % in noise of 0.1 % is certain, and below what matters."""
    values = stepped(noise(1, 60, 0.001), [0.0, log(1.02)], [30, 30])
    assert [shift.index for shift in level_shifts(values, ShiftRule())] == [30]
    assert level_shifts(values, RULE) == ()


def test_the_same_every_time() -> None:
    """A series of 2000 runs, far longer than a window: the same places twice, and those of both steps among them."""
    values = stepped(noise(3, 2000, 0.02), [0.0, STEP, 0.0], [700, 800, 500])
    first = level_shifts(values, RULE)
    assert first == level_shifts(np.asarray(values).tolist(), RULE)
    places = [shift.index for shift in first]
    assert all(min(abs(place - step) for place in places) <= 5 for step in (700, 1500)), places


@pytest.mark.parametrize("level", [0.05, 0.1, 1 / 3, log(0.0123)])
@pytest.mark.parametrize("count", [12, 20, 60])
def test_equal_values_have_no_correlation(level: float, count: int) -> None:
    """A mix whose deck fails 1 of 20 has the same error rate in every run, to the last bit.

    The mean of equal values differs from them by rounding, and what was left then went together perfectly: a release
    that broke one operation of twenty was called a drift and no change.
    """
    series = [0.0] * count + [level] * count
    (shift,) = level_shifts(series, ShiftRule(least_shift=0.01))
    assert shift.index == count
    assert neighbour_correlation(series, [shift.index]) is None
    assert neighbour_correlation([level] * count) is None
