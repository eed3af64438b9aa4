"""Clopper-Pearson bounds, against published values and against the binomial distribution itself."""

from __future__ import annotations

from math import comb, fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.stats.proportion import attempts_to_prove, lower_bound, upper_bound

#: The first call imports scipy.special, which takes its time.
patient = settings(deadline=None)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    """Draw how many of how many attempts were bad."""
    total = draw(st.integers(1, 200))
    return draw(st.integers(0, total)), total


def probability_of_at_most(bad: int, total: int, share: float) -> float:
    """Return the binomial probability of `bad` or fewer, term by term."""
    return fsum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(bad + 1))


@patient
@given(counts())
def test_upper_bound_is_where_so_few_become_unlikely(count: tuple[int, int]) -> None:
    """If the true share were the upper bound, so few bad attempts would be seen in 5 of 100 runs."""
    bad, total = count
    if bad == total:
        assert upper_bound(bad, total) == 1
    else:
        assert probability_of_at_most(bad, total, upper_bound(bad, total)) == pytest.approx(0.05)


@patient
@given(counts())
def test_lower_bound_is_where_so_many_become_unlikely(count: tuple[int, int]) -> None:
    """If the true share were the lower bound, so many bad attempts would be seen in 5 of 100 runs."""
    bad, total = count
    if bad == 0:
        assert lower_bound(bad, total) == 0
    else:
        share = lower_bound(bad, total)
        assert 1 - probability_of_at_most(bad - 1, total, share) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("bad", "total", "bound"),
    [
        (0, 59, 0.0495),  # the p95 rule of 59 samples
        (0, 1000, 0.002991),  # a thousand clean attempts do not show 99.9 %
        (0, 2995, 0.0009997),
        (5, 10_000, 0.001051),
        (50, 100_000, 0.0006328),
        (1000, 1_000_000, 0.0010536),
    ],
)
def test_known_upper_bounds(bad: int, total: int, bound: float) -> None:
    """The bounds are those of statistical tables."""
    assert upper_bound(bad, total) == pytest.approx(bound, rel=1e-3)


@patient
@given(counts())
def test_bounds_enclose_what_was_seen(count: tuple[int, int]) -> None:
    """The observed share lies between the bounds, and both lie in 0..1."""
    bad, total = count
    assert 0 <= lower_bound(bad, total) <= bad / total <= upper_bound(bad, total) <= 1


def test_without_attempts_nothing_is_known() -> None:
    """Without an attempt the share may be anything."""
    assert (lower_bound(0, 0), upper_bound(0, 0)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("budget", "attempts"), [(0.05, 59), (0.01, 299), (0.005, 598), (0.001, 2995), (0.0001, 29956)]
)
def test_clean_attempts_to_prove_a_budget(budget: float, attempts: int) -> None:
    """Without a bad attempt, so many are needed to prove the budget."""
    assert attempts_to_prove(0, budget) == attempts


@patient
@given(st.integers(0, 50), st.floats(1e-4, 1))
def test_attempts_to_prove_is_the_least(bad: int, budget: float) -> None:
    """That many attempts prove the budget, one fewer does not."""
    attempts = attempts_to_prove(bad, budget)
    assert attempts is not None
    assert upper_bound(bad, attempts) <= budget
    assert attempts <= bad + 1 or budget == 1 or upper_bound(bad, attempts - 1) > budget


def test_nothing_proves_that_none_is_bad() -> None:
    """A budget of zero cannot be proven by any number of attempts."""
    assert attempts_to_prove(0, 0.0) is None
