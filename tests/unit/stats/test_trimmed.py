"""The trimmed mean."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.student import sample_deviation
from perfengine.stats.trimmed import estimate_trimmed_mean


def test_by_hand() -> None:
    """Of ten values two go at either end; the error is that of the winsorised ten over 0.6 sqrt(10)."""
    found = estimate_trimmed_mean([9, 1, 2, 3, 4, 5, 6, 7, 8, 100])
    assert (found.value, found.df) == (5.5, 5)
    winsorised = [3, 3, 3, 4, 5, 6, 7, 8, 8, 8]
    assert found.error == pytest.approx(sample_deviation(winsorised) / (0.6 * sqrt(10)))


def test_wild_values_weigh_nothing() -> None:
    """However wild two of ten values are, the trimmed mean stays where it was."""
    calm = [0.01 * n for n in range(10)]
    wild = [*calm[:8], 1e6, 1e9]
    assert estimate_trimmed_mean(wild).value == estimate_trimmed_mean(calm).value


@given(st.lists(st.floats(-1, 1), min_size=4, max_size=40))
def test_lies_among_the_values(values: list[float]) -> None:
    """It lies between the smallest and the largest value that stay."""
    cut = len(values) // 5
    kept = sorted(values)[cut : len(values) - cut]
    assert kept[0] - 1e-12 <= estimate_trimmed_mean(values).value <= kept[-1] + 1e-12


def test_too_few() -> None:
    """Three values have no middle."""
    with pytest.raises(ValueError, match="needs 4 values, got 3"):
        estimate_trimmed_mean([1, 2, 3])
