"""Steady states of series whose truth is known: five minutes, a value a second, noise of 3 to 5 %."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from perfengine.comparison.steady import find_steady_state
from perfengine.model.stability import Steadiness, SteadyState
from tests.unit.comparison.made import autoregressive

if TYPE_CHECKING:
    from tests.unit.comparison.made import Floats

SERIES = 300
RUN = 300
SECONDS = np.arange(float(RUN))

NOISES = [(0.0, 0.05), (0.5, 0.03), (0.5, 0.05)]


def settling(time_s: float) -> Floats:
    """Return a level that begins at twice of what it ends at."""
    found: Floats = 1 + np.exp(-SECONDS / time_s)
    return found


def states(level: Floats, phi: float, noise: float) -> list[SteadyState]:
    """Return what is found of a level under noise, many times."""
    rng = np.random.default_rng(17)
    return [
        find_steady_state((level * np.exp(autoregressive(rng, RUN, phi, noise))).tolist())
        for _ in range(SERIES)
    ]


def share(found: list[SteadyState], *wanted: Steadiness) -> float:
    """Return the share of these answers."""
    counts = Counter(state.steadiness for state in found)
    return sum(counts[steadiness] for steadiness in wanted) / len(found)


@pytest.mark.parametrize(("phi", "noise"), NOISES)
def test_a_steady_series_is_steady(phi: float, noise: float) -> None:
    """At most 2 of 100 steady series are called anything else, and little of them is cut."""
    found = states(np.ones(RUN), phi, noise)
    assert share(found, Steadiness.STEADY) >= 0.98
    assert np.mean([state.cut_s for state in found]) < 10


@pytest.mark.parametrize("time_s", [10.0, 20.0, 30.0])
@pytest.mark.parametrize(("phi", "noise"), NOISES)
def test_settling_is_cut(time_s: float, phi: float, noise: float) -> None:
    """Of a run that settles within a tenth of its time, what is kept is off by 2 % at most, and by 1 % on average."""
    level = settling(time_s)
    steady = [state for state in states(level, phi, noise) if state.steadiness is Steadiness.STEADY]
    bias = [float(level[state.cut_s :].mean()) - 1 for state in steady]
    assert len(steady) >= 0.85 * SERIES
    assert np.quantile(bias, 0.98) <= 0.02
    assert np.mean(bias) <= 0.01


@pytest.mark.parametrize("drift", [0.10, 0.20, -0.15])
@pytest.mark.parametrize(("phi", "noise"), NOISES)
def test_drift_is_found(drift: float, phi: float, noise: float) -> None:
    """A drift of 10 % or more over the run is flagged in 95 of 100."""
    found = states(1 + drift * SECONDS / RUN, phi, noise)
    assert share(found, Steadiness.STEADY) <= 0.05


def test_step() -> None:
    """A step at 40 s is cut at 40 s or the batch after it."""
    found = states(np.where(SECONDS < 40, 1.5, 1.0), 0.0, 0.02)
    assert share(found, Steadiness.STEADY) >= 0.98
    assert min(state.cut_s for state in found) >= 40
    assert np.median([state.cut_s for state in found]) <= 45


def test_a_hump_is_unstable() -> None:
    """A middle that is slower has no trend, and its thirds differ."""
    found = find_steady_state(np.where((SECONDS > 100) & (SECONDS < 200), 1.3, 1.0).tolist())
    assert found.steadiness is Steadiness.UNSTABLE
    assert (found.cut_s, found.kept_s) == (0, RUN)
    assert found.detail.startswith("its thirds differ by 2")


def test_still_settling() -> None:
    """What settles until its middle is not steady; nothing is cut, for there is nothing to keep."""
    found = find_steady_state(np.where(SECONDS < 150, 3.0, 1.0).tolist())
    assert (found.steadiness, found.cut_s, found.kept_s) == (Steadiness.NOT_STEADY, 0, RUN)


def test_direction_of_a_drift() -> None:
    """A drift is told with its size and sign."""
    noise = np.exp(autoregressive(np.random.default_rng(1), RUN, 0.0, 0.08))
    rising = find_steady_state(((1 + 0.2 * SECONDS / RUN) * noise).tolist())
    assert rising.drift == pytest.approx(0.2, abs=0.03)
    falling = find_steady_state(((1 - 0.2 * SECONDS / RUN) * noise).tolist())
    assert falling.detail.startswith("changed by -")


def test_too_short() -> None:
    """Below fifty seconds nothing is said."""
    found = find_steady_state([1.0] * 49)
    assert (found.steadiness, found.detail) == (Steadiness.TOO_SHORT, "needs 50 s, has 49")


def test_a_level_without_noise() -> None:
    """A series that never moves is steady from its first second."""
    found = find_steady_state([2.0] * 60)
    assert (found.steadiness, found.cut_s) == (Steadiness.STEADY, 0)
