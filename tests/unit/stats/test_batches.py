"""Series that remember themselves."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from perfengine.stats.batches import design_effect, is_too_short, memory, ratio_of_sums
from tests.unit.comparison.made import autoregressive


def test_independent_values_have_no_memory() -> None:
    """A thousand independent values count as a thousand, nearly."""
    assert memory(np.random.default_rng(1).normal(size=1000).tolist()) < 1.5


@pytest.mark.parametrize(("phi", "time"), [(0.5, 3), (0.8, 9), (0.9, 19)])
def test_memory_of_a_known_process(phi: float, time: float) -> None:
    """A first-order process has the time (1 + phi) / (1 - phi)."""
    found = [memory(autoregressive(np.random.default_rng(n), 4000, phi, 1).tolist()) for n in range(20)]
    assert np.mean(found) == pytest.approx(time, rel=0.15)


def test_slow_and_faint() -> None:
    """A slow wave below the noise is found in long batches, though neighbours hardly show it."""
    rng = np.random.default_rng(2)
    wave = autoregressive(rng, 2000, 0.98, 1) + rng.normal(0, 1, 2000)
    assert memory(wave.tolist()) > 10


@pytest.mark.parametrize("values", [[], [1.0], [3.0] * 50, [0.1] * 60, [1 / 3] * 20])
def test_nothing_to_remember(values: list[float]) -> None:
    """Without spread there is nothing to remember; what rounding makes of equal values is no spread."""
    assert memory(values) == 1


def test_too_short() -> None:
    """A run of two minutes is too short for a disturbance of half a minute, and not for one of a second."""
    slow = autoregressive(np.random.default_rng(3), 120, 0.97, 1)
    assert is_too_short(slow.tolist())
    assert not is_too_short(np.random.default_rng(3).normal(size=120).tolist())


def test_ratio_by_hand() -> None:
    """Two batches: 6 / 4, and sqrt(2 (0.5^2 + 0.5^2)) / 4."""
    found = ratio_of_sums([2.5, 3.5], [2, 2])
    assert (found.value, found.df) == (1.5, 1)
    assert found.error == pytest.approx(sqrt(2 * (0.5**2 + 0.5**2)) / 4)


def test_one_batch_is_slow() -> None:
    """Shares that are alike leave no doubt; a batch without any leaves as much as it weighs."""
    assert ratio_of_sums([900] * 10, [1000] * 10).error == 0
    assert ratio_of_sums([900] * 9 + [0], [1000] * 10).error == pytest.approx(0.09)


def test_error_of_a_series_that_remembers() -> None:
    """The error of the mean by batches is sqrt(tau) times that of independent values."""
    errors = [
        ratio_of_sums(autoregressive(np.random.default_rng(n), 2000, 0.5, 1).tolist(), [1.0] * 2000).error
        for n in range(100)
    ]
    assert np.mean(errors) == pytest.approx(sqrt(3 / 2000), rel=0.1)


def test_design_effect_is_never_below_one() -> None:
    """Values that vary less than independent ones are taken as independent."""
    assert design_effect(0.5, 1.0) == 1
    assert design_effect(2.0, 1.0) == 4
    assert design_effect(2.0, 0.0) == 1
