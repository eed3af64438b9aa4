"""Sign flips."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.stats.sign_flip import DRAWN, sign_flip_p


@settings(deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=8))
def test_counts_all_patterns(differences: list[int]) -> None:
    """Up to 16 differences the p value is the share of sign patterns that go at least as far."""
    patterns = list(product((1, -1), repeat=len(differences)))
    sums = [abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in patterns]
    assert sign_flip_p(differences, 1) == sum(found >= abs(sum(differences)) for found in sums) / len(sums)


def test_all_of_one_sign() -> None:
    """Ten differences of one sign: two patterns of 1024."""
    assert sign_flip_p([0.1] * 10, 1) == 2 / 1024


def test_many_differences_are_drawn() -> None:
    """More than 16 use drawn patterns: never 0, near the truth, and the same for the same seed."""
    same_sign = [0.1 + 0.001 * n for n in range(30)]
    assert sign_flip_p(same_sign, 1) == 1 / (DRAWN + 1)
    mixed = [(-1) ** n * 0.1 + 0.01 for n in range(17)]
    assert sign_flip_p(mixed, 7) == sign_flip_p(mixed, 7)
    exact = sign_flip_p(mixed[:16], 7)
    assert sign_flip_p([*mixed[:16], 1e-15], 7) == pytest.approx(exact, abs=0.02)


@settings(deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20))
def test_direction_does_not_matter(differences: list[float]) -> None:
    """A test on two sides sees no sign."""
    turned = [-difference for difference in differences]
    assert sign_flip_p(differences, 3) == pytest.approx(sign_flip_p(turned, 3), abs=1e-12)
