"""Student's t, against the tables."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr, stdtrit

from perfengine.stats.student import Estimate, estimate_mean, t_quantile, t_tails, two_sided

#: From half a degree of freedom to ten million: those of Welch are no integers, and long series have many.
degrees = st.floats(-0.3, 7).map(lambda power: 10.0**power)


@pytest.mark.parametrize(
    ("confidence", "df", "quantile"),
    [(0.99, 1, 63.657), (0.99, 9, 3.2498), (0.99, 39, 2.7079), (0.95, 9, 2.2622)],
)
def test_quantiles(confidence: float, df: float, quantile: float) -> None:
    """The quantiles are those of the tables."""
    assert two_sided(confidence, df) == pytest.approx(quantile, rel=1e-4)


@given(st.floats(1, 100))
def test_fractions_of_a_degree_of_freedom(df: float) -> None:
    """Welch's degrees of freedom are no integers; less of them is more doubt."""
    assert two_sided(0.99, df + 0.25) < two_sided(0.99, df)


@given(st.floats(0.6, 0.999), st.floats(1, 1000))
def test_tails_undo_quantiles(probability: float, df: float) -> None:
    """What lies beyond a quantile, on both sides, has twice the probability that is left."""
    assert t_tails(t_quantile(probability, df), df) == pytest.approx(2 * (1 - probability), rel=1e-6)


@given(st.floats(1e-9, 1 - 1e-9), degrees)
def test_quantiles_are_those_of_scipy(probability: float, df: float) -> None:
    """To nine digits, and that of one half is 0."""
    assert t_quantile(probability, df) == pytest.approx(stdtrit(df, probability), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("t", "df", "tails"),
    [
        (1.74, 1e9, 0.08185901826525323),
        (2.0, 1e11, 0.045500263899057966),
        (5.0, 9e11, 5.733031438657621e-07),
    ],
)
def test_tails_of_very_many_degrees_of_freedom(t: float, df: float, tails: float) -> None:
    """Computed with fifty digits, by quadrature of the density; the continued fraction gave four."""
    assert t_tails(t, df) == pytest.approx(tails, rel=1e-9)
    assert t_quantile(1 - tails / 2, df) == pytest.approx(t, rel=1e-9)


@given(st.floats(-30, 30), degrees)
def test_tails_are_those_of_scipy(t: float, df: float) -> None:
    """To nine digits, on both sides of 0."""
    assert t_tails(t, df) == pytest.approx(2 * stdtr(df, -abs(t)), rel=1e-9, abs=1e-250)


def test_without_end() -> None:
    """Infinitely many degrees of freedom are the normal distribution; nothing lies beyond infinity."""
    assert two_sided(0.95, inf) == pytest.approx(1.959964, rel=1e-6)
    assert t_tails(1.959964, inf) == pytest.approx(0.05, rel=1e-5)
    assert t_tails(inf, 9) == 0.0


@pytest.mark.parametrize(("probability", "df"), [(0.0, 9), (1.0, 9), (0.9, 0), (0.9, float("nan"))])
def test_what_is_no_question(probability: float, df: float) -> None:
    """Probabilities lie between 0 and 1, degrees of freedom above 0."""
    with pytest.raises(ValueError, match="got"):
        t_quantile(probability, df)


def test_mean_of_a_handful() -> None:
    """Five values by hand: mean 3, deviation sqrt(2.5), error sqrt(0.5), four degrees of freedom."""
    found = estimate_mean([1, 2, 3, 4, 5])
    assert (found.value, found.df) == (3, 4)
    assert found.error == pytest.approx(0.5**0.5)
    assert found.half_width(0.99) == pytest.approx(4.6041 * 0.5**0.5, rel=1e-4)
    assert found.p_value == pytest.approx(0.01324, rel=1e-3)


@pytest.mark.parametrize(("value", "p"), [(0.1, 0.0), (0.0, 1.0)])
def test_without_spread(value: float, p: float) -> None:
    """Values that do not differ leave no doubt."""
    assert Estimate(value=value, error=0.0, df=9).p_value == p


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=40), st.floats(-10, 10))
def test_a_shift_moves_the_mean_alone(values: list[float], shift: float) -> None:
    """Adding a constant moves the mean by it, and leaves its error."""
    before, after = estimate_mean(values), estimate_mean([value + shift for value in values])
    assert after.value == pytest.approx(before.value + shift, abs=1e-9)
    assert after.error == pytest.approx(before.error, abs=1e-9)
