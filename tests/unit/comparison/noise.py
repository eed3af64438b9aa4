"""Noise of machines: log metrics of two arms that take turns.

Each run has an effect of its own and a drift that it shares with its neighbours, each side of a pair noise of its
own, and some of them a spike. The figures are those of a quiet, a typical and a noisy machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SPIKE_MEAN = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """How much a log metric moves, and why."""

    run: float
    drift: float
    drift_runs: float
    pair: float
    spikes: float


QUIET = Machine(run=0.01, drift=0.005, drift_runs=5, pair=0.009, spikes=0)
TYPICAL = Machine(run=0.015, drift=0.02, drift_runs=6, pair=0.013, spikes=0.02)
NOISY = Machine(run=0.03, drift=0.05, drift_runs=8, pair=0.022, spikes=0.05)


def runs_of(machine: Machine, rng: np.random.Generator, trials: int, runs: int) -> Floats:
    """Return the log metrics of runs one after the other, a row a trial."""
    keep = np.exp(-1 / machine.drift_runs)
    drift = rng.normal(0, machine.drift, (trials, runs))
    for place in range(1, runs):
        drift[:, place] = keep * drift[:, place - 1] + np.sqrt(1 - keep**2) * drift[:, place]
    own = rng.normal(0, machine.run, (trials, runs)) + rng.normal(0, machine.pair, (trials, runs))
    spikes = (rng.random((trials, runs)) < machine.spikes) * rng.exponential(SPIKE_MEAN, (trials, runs))
    found: Floats = drift + own + spikes
    return found


def differences_of(machine: Machine, seed: int, effect: float, trials: int, pairs: int) -> Floats:
    """Return B - A of so many pairs, a row a trial; runs in ABBA order with a drawn first letter."""
    rng = np.random.default_rng(seed)
    metrics = runs_of(machine, rng, trials, 2 * pairs)
    signs = np.repeat(rng.integers(0, 2, (trials, pairs // 2)) * 2 - 1, 2, axis=1)
    signs[:, 1::2] *= -1
    found: Floats = (metrics[:, 1::2] - metrics[:, 0::2]) * signs + effect
    return found
