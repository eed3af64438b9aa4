"""Bounds and numbers of attempts where bad attempts come in clusters, or keep their share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.proportion import attempts_to_prove, attempts_to_prove_share, upper_bound


def test_reference_points() -> None:
    """Without a bad attempt both ways ask for the same; with one in two thousand, for 0.1 %, for many more."""
    assert attempts_to_prove_share(0, 0.001) == attempts_to_prove(0, 0.001) == 2995
    assert attempts_to_prove_share(0, 0.0001) == 29956
    needed = attempts_to_prove_share(0.0005, 0.001)
    assert needed
    assert needed > (attempts_to_prove(5, 0.001) or 0)


@pytest.mark.parametrize(("share", "budget"), [(0.001, 0.001), (0.002, 0.001), (0, 0), (0.1, 0)])
def test_what_no_number_proves(share: float, budget: float) -> None:
    """A share at its budget or above it, and a budget of nothing."""
    assert attempts_to_prove_share(share, budget) is None


@given(st.floats(0, 0.9), st.floats(0.001, 0.2), st.floats(1, 100))
def test_it_proves_and_one_less_does_not(part: float, budget: float, effect: float) -> None:
    """The number is the fewest."""
    share = part * budget
    needed = attempts_to_prove_share(share, budget, effect)
    assert needed

    def proves(total: int) -> bool:
        return upper_bound(share * total / effect, total / effect) <= budget

    assert proves(needed)
    assert needed == 1 or not proves(needed - 1)


@given(st.integers(0, 200), st.floats(1, 50))
def test_clusters_take_more(bad: int, effect: float) -> None:
    """As many bad attempts, in clusters, are never proven by fewer."""
    alone, clustered = attempts_to_prove(bad, 0.01), attempts_to_prove(bad, 0.01, effect)
    assert alone
    assert clustered
    assert clustered >= alone
