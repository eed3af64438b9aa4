"""How long users think."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc

from perfengine.model.load import Spread, ThinkTime
from perfengine.pacing.draws import exponentials, uniforms
from perfengine.pacing.think import think_times_ns
from perfengine.units import NS_PER_MS

COUNT = 50_000
CONSTANT = ThinkTime(spread=Spread.CONSTANT, mean_ns=5 * NS_PER_MS)
EXPONENTIAL = ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=5 * NS_PER_MS)
UNIFORM = ThinkTime(spread=Spread.UNIFORM, mean_ns=2 * NS_PER_MS, low_ns=NS_PER_MS, high_ns=3 * NS_PER_MS)


def thoughts(think: ThinkTime, first: int = 0, count: int = COUNT) -> list[int]:
    """Return the pauses of the one stream of these tests."""
    return think_times_ns(think, seed=42, stream="think/7", first=first, count=count)


@given(st.sampled_from([CONSTANT, EXPONENTIAL, UNIFORM]), st.integers(0, 500), st.integers(0, 100))
def test_a_pause_depends_on_its_number_alone(think: ThinkTime, first: int, count: int) -> None:
    """Whichever are asked for with it."""
    assert thoughts(think, first, count) == thoughts(think, 0, 600)[first : first + count]


def test_constant() -> None:
    """Always the mean."""
    assert thoughts(CONSTANT, count=3) == [5 * NS_PER_MS] * 3


def test_exponential() -> None:
    """Chi-square over 20 equally likely classes, and the mean within four standard errors."""
    pauses = np.array(thoughts(EXPONENTIAL)) / EXPONENTIAL.mean_ns
    assert abs(pauses.mean() - 1) < 4 / sqrt(COUNT)
    assert _is_uniform(-np.expm1(-pauses))


def test_uniform() -> None:
    """Within the bounds, all of them alike."""
    pauses = np.array(thoughts(UNIFORM))
    assert (pauses.min() >= UNIFORM.low_ns, pauses.max() <= UNIFORM.high_ns) == (True, True)
    assert _is_uniform((pauses - UNIFORM.low_ns) / (2 * NS_PER_MS + 1))


@pytest.mark.parametrize("low_ns", [0, 7])
def test_uniform_reaches_both_ends(low_ns: int) -> None:
    """Of four possible values all come."""
    think = ThinkTime(spread=Spread.UNIFORM, mean_ns=low_ns + 1, low_ns=low_ns, high_ns=low_ns + 3)
    assert set(thoughts(think, count=200)) == set(range(low_ns, low_ns + 4))


def test_numbers_lie_between_0_and_1() -> None:
    """So that a logarithm always exists; the tail of an exponential is cut at 53 ln 2."""
    numbers = uniforms(42, "any", 0, COUNT)
    assert (numbers.min() > 0, numbers.max() < 1) == (True, True)
    assert _is_uniform(numbers)
    assert exponentials(42, "any", 0, COUNT).max() < 53 * log(2)


def _is_uniform(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    counts = np.bincount((numbers * 20).astype(int), minlength=20)
    statistic = ((counts - COUNT / 20) ** 2 / (COUNT / 20)).sum()
    return bool(chdtrc(19, statistic) > 1e-4)
