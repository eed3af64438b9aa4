"""What a single run knows of itself: intervals on streams whose truth is known."""

from __future__ import annotations

from math import log
from statistics import NormalDist

import numpy as np
import pytest

from perfengine.comparison.within import bounds_within
from perfengine.model.requirement import Metric
from tests.unit.comparison.made import autoregressive, measured, plain_sample, sample_of_seconds

RUNS = 200
SECONDS = 120
RATE = 200
OWN = 0.3  #: spread of ln latency within a second


def stream(seed: int, phi: float, level: float, batches: int) -> tuple[bool, bool, bool]:
    """Return whether the 95 % intervals of mean and p95 hold the truth, and whether the run is too short."""
    rng = np.random.default_rng([seed, 11])
    levels = autoregressive(rng, SECONDS, phi, level)
    seconds = [10 * np.exp(at + rng.normal(0, OWN, RATE)) for at in levels]
    sample = sample_of_seconds(seconds, batches=batches)
    spread = float(np.hypot(level, OWN))
    truths = {
        Metric.MEAN: log(10e6) + spread**2 / 2,
        Metric.P95: log(10e6) + spread * NormalDist().inv_cdf(0.95),
    }
    found = {metric: bounds_within(sample, metric, 0.95) for metric in truths}
    held = [
        found[metric].bounded.lower - 1e-3 <= truth <= found[metric].bounded.upper + 1e-3
        for metric, truth in truths.items()
    ]
    return held[0], held[1], found[Metric.P95].remembers


def shares(phi: float, level: float, batches: int) -> list[float]:
    """Return the share of runs for each of the three."""
    found = [stream(seed, phi, level, batches) for seed in range(RUNS)]
    return [sum(column) / RUNS for column in zip(*found, strict=True)]


@pytest.mark.parametrize("batches", [0, 10])
@pytest.mark.parametrize(("phi", "level"), [(0.0, 0.0), (0.5, 0.1)])
def test_intervals_hold_the_truth(phi: float, level: float, batches: int) -> None:
    """Nominal 95 % intervals hold it in 92 of 100 runs, of independent latencies and of a level that remembers."""
    mean, p95, remembers = shares(phi, level, batches)
    assert mean >= 0.92
    assert p95 >= 0.92
    assert remembers <= 0.05


@pytest.mark.parametrize("correlation_s", [7.0, 33.0])
def test_a_run_that_is_too_short_says_so(correlation_s: float) -> None:
    """Where disturbances last more than a twentieth of the run, it is said in 90 of 100 runs."""
    assert shares(float(np.exp(-1 / correlation_s)), 0.2, 10)[2] >= 0.90


def test_stretches_are_sharper_than_the_design_effect() -> None:
    """Histograms of stretches show what the p95 itself does; without them the mean's unrest is taken for it."""
    rng = np.random.default_rng(3)
    seconds = [10 * np.exp(at + rng.normal(0, OWN, RATE)) for at in autoregressive(rng, SECONDS, 0.5, 0.1)]
    sharp, blunt = (
        bounds_within(sample_of_seconds(seconds, batches=batches), Metric.P95, 0.95).bounded
        for batches in (10, 0)
    )
    assert sharp.upper - sharp.lower < blunt.upper - blunt.lower


def test_a_brief_run() -> None:
    """A run without seconds takes its attempts as independent, and is marked."""
    found = bounds_within(plain_sample(10.0, ok=10_000), Metric.THROUGHPUT, 0.99)
    assert (found.is_brief, found.remembers) == (True, False)
    assert found.bounded.upper - found.bounded.value == pytest.approx(2.576 / 100, rel=1e-3)


def test_few_attempts_leave_a_quantile_open() -> None:
    """A p95 of eighty attempts has no upper bound at 99 %: it is infinite, not the largest value seen."""
    sample = measured(rate=4, seconds=20)
    assert bounds_within(sample, Metric.P95, 0.99).bounded.upper == float("inf")


def test_what_was_not_measured() -> None:
    """A run without an ok attempt has no latency to bound."""
    with pytest.raises(ValueError, match="buy: mean was not measured"):
        bounds_within(plain_sample(ok=0), Metric.MEAN, 0.99)
