"""The rule of the paired comparison, on numbers."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.comparison.pair_rule import answer_of, pairs_needed, pairs_to_add, smallest_shift, stays
from perfengine.model.comparison import Answer, CompareRule
from perfengine.stats.student import Estimate, estimate_mean, t_quantile, two_sided

RULE = CompareRule()
DELTA = log(1.05)
GAMMA = DELTA / 2

differences = st.lists(st.floats(-0.3, 0.3), min_size=10, max_size=40)


def with_half_width(value: float, half_width: float) -> Estimate:
    """Return a mean of ten pairs with that 99 % half width."""
    return Estimate(value=value, error=half_width / two_sided(0.99, 9), df=9)


@pytest.mark.parametrize(
    ("mean", "half_width", "answer"),
    [
        (0.05, 0.02, Answer.CHANGE),
        (-0.05, 0.02, Answer.CHANGE),
        (0.05, 0.04, Answer.CHANGE),  # wide, and yet beyond its doubt
        (0.02, 0.01, Answer.SAME),  # certain, and too small to matter
        (0.0, 0.02, Answer.SAME),
        (0.02, 0.03, Answer.INCONCLUSIVE),
        (0.05, 0.06, Answer.INCONCLUSIVE),
    ],
)
def test_answers(mean: float, half_width: float, answer: Answer) -> None:
    """A change is beyond its doubt and beyond gamma; sameness is a doubt within gamma."""
    assert answer_of(with_half_width(mean, half_width), DELTA, 0.99) is answer


@settings(deadline=None)
@given(differences)
def test_same_means_within_five_percent(found: list[float]) -> None:
    """Whatever is called the same has its whole interval within +-5 %."""
    mean = estimate_mean(found)
    if answer_of(mean, DELTA, 0.99) is Answer.SAME:
        assert abs(mean.value) + mean.half_width(0.99) <= DELTA + 1e-12


@settings(deadline=None)
@given(differences, st.floats(-1, 1))
def test_the_stop_does_not_look_at_the_estimate(found: list[float], shift: float) -> None:
    """Moving all differences changes nothing of when to stop: width alone decides."""
    moved = [difference + shift for difference in found]
    width = estimate_mean(found).half_width(0.99)
    if abs(width - GAMMA) > 1e-9:
        assert pairs_to_add(found, DELTA, RULE) == pairs_to_add(moved, DELTA, RULE)


def test_pairs_to_add() -> None:
    """Ten first, then two at a time while the interval is wide, forty at most."""
    wide = [0.2 * (-1) ** n for n in range(40)]
    assert pairs_to_add([], DELTA, RULE) == 10
    assert pairs_to_add(wide[:4], DELTA, RULE) == 6
    assert pairs_to_add(wide[:10], DELTA, RULE) == 2
    assert pairs_to_add(wide[:39], DELTA, RULE) == 1
    assert pairs_to_add(wide, DELTA, RULE) == 0
    assert pairs_to_add([0.01, 0.011] * 5, DELTA, RULE) == 0


def test_pairs_needed_make_the_interval_narrow() -> None:
    """With as many pairs more as it says, at the same spread, the half width is gamma or less."""
    mean = with_half_width(0.0, 0.05)
    more = pairs_needed(mean, DELTA, 0.99)
    assert more == 33
    assert 0.05 * (10 / (10 + more)) ** 0.5 <= GAMMA < 0.05 * (10 / (9 + more)) ** 0.5


def test_smallest_change() -> None:
    """The smallest change is (t(.995) + t(.90)) standard errors; half as wide a doubt, half as small."""
    expected = (t_quantile(0.995, 9) + t_quantile(0.90, 9)) * 0.01
    assert smallest_shift(0.01, 9, 0.99) == pytest.approx(expected)
    assert smallest_shift(0.005, 9, 0.99) == pytest.approx(expected / 2)
    assert smallest_shift(0.01, inf, 0.99) == pytest.approx((2.5758 + 1.2816) * 0.01, rel=1e-3)


def test_it_is_found_in_nine_of_ten_cases() -> None:
    """A change of that size is beyond its doubt in about 90 % of comparisons."""
    rng = np.random.default_rng(5)
    found, error = 0, 0.02 / 20**0.5
    for _ in range(1000):
        mean = estimate_mean(rng.normal(smallest_shift(error, 19, 0.99), 0.02, 20).tolist())
        found += mean.value > mean.half_width(0.99)
    assert found == pytest.approx(900, abs=40)


@pytest.mark.parametrize(
    ("again", "confirmed"),
    [
        ([0.06, 0.05] * 5, True),
        ([0.02, 0.03] * 5, True),  # smaller, and still no chance
        ([-0.01, -0.02] * 5, False),  # the other way
        ([0.4, -0.38] * 5, False),  # all together prove nothing
    ],
)
def test_confirmation(again: list[float], *, confirmed: bool) -> None:
    """A change stays when fresh pairs go the same way and all together still exclude none."""
    assert stays([0.05, 0.06] * 5, again, RULE) is confirmed
