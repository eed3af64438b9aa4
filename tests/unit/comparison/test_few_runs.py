"""A few runs of one session on either side: helped by what each knows of itself, not fooled by it."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from perfengine.comparison.rows import Thresholds, compare_metric
from perfengine.model.comparison import (
    Answer,
    CompareRule,
    Effect,
    MetricComparison,
    OperationSample,
    SecondSample,
)
from perfengine.model.requirement import Metric
from perfengine.stats.hdr import index_of
from perfengine.units import NS_PER_S
from tests.unit.comparison.made import measured
from tests.unit.comparison.noise import NOISY, QUIET, TYPICAL, Machine, runs_of

RULE = CompareRule()
TOLERANCE = log(1.1)
SECONDS = 60
#: Between the two sessions, as much as is assumed.
GROUND = 0.03
TRIALS = 600
#: Up and down, without an order that could be remembered.
SIGNS = np.random.default_rng(1).permutation([1.0, -1.0] * (SECONDS // 2))
MACHINES = {"quiet": QUIET, "typical": TYPICAL, "noisy": NOISY}


def run_at(level: float, spread: float) -> OperationSample:
    """Return a run of a minute around 10 ms, moved by a log ratio, whose seconds leave its mean in such a doubt."""
    waves = 1 + spread * SECONDS**0.5 * SIGNS
    mean_ns = 10e6 * exp(level)
    return OperationSample(
        name="buy",
        response={index_of(round(mean_ns)): 100 * SECONDS},
        mean_ns=mean_ns,
        ok=100 * SECONDS,
        bad=0,
        due=100 * SECONDS,
        measured_ns=SECONDS * NS_PER_S,
        seconds=tuple(SecondSample(ok=100, bad=0, mean_ns=mean_ns * wave) for wave in waves.tolist()),
    )


def mean_row(before: list[OperationSample], after: list[OperationSample]) -> MetricComparison:
    """Return the mean of two sessions, compared against a tolerance of 10 %."""
    thresholds = Thresholds(change=TOLERANCE, same=TOLERANCE)
    return compare_metric((tuple(before),), (tuple(after),), Metric.MEAN, thresholds, RULE, is_gating=True)


def effect_of(before: list[OperationSample], after: list[OperationSample]) -> Effect:
    """Return the effect on the mean."""
    effect = mean_row(before, after).effect
    assert effect is not None
    return effect


def changes(machine: Machine, runs: int, moved: float) -> int:
    """Return in how many comparisons a change is said; the second session is moved."""
    rng = np.random.default_rng([runs, 3])
    sides = runs_of(machine, rng, TRIALS, runs), runs_of(machine, rng, TRIALS, runs) + moved
    rows = (
        mean_row(*([run_at(level, machine.pair) for level in side] for side in pair))
        for pair in zip(*(side.tolist() for side in sides), strict=True)
    )
    return sum(row.answer is Answer.CHANGE for row in rows)


@pytest.mark.parametrize(("machine", "most"), [("quiet", 0), ("typical", 6), ("noisy", 30)])
def test_nothing_changed(machine: str, most: int) -> None:
    """Two runs on a side, 3 % between the sessions: false alarms in 0, 1 and 5 of 100, fewer than of one run."""
    of_two = changes(MACHINES[machine], 2, GROUND)
    assert of_two <= most
    assert of_two <= changes(MACHINES[machine], 1, GROUND)


@pytest.mark.parametrize(("machine", "ratio"), [("quiet", 1.2), ("typical", 1.3)])
def test_a_change_is_found(machine: str, ratio: float) -> None:
    """In 9 of 10 cases; by the spread of two runs alone, with its one or two degrees of freedom, in 1 of 5."""
    assert changes(MACHINES[machine], 2, log(ratio)) >= 540


def test_a_second_run_that_agrees_makes_surer() -> None:
    """Runs that differ by less than each knows of itself tell no less than one of them alone."""
    one = effect_of([run_at(0.0, 0.01)], [run_at(0.2, 0.01)])
    two = effect_of([run_at(0.0, 0.01), run_at(0.003, 0.01)], [run_at(0.2, 0.01), run_at(0.197, 0.01)])
    assert two.half_width < one.half_width
    assert two.half_width > 2.6 * 0.03


def test_runs_that_differ_are_believed() -> None:
    """By a tenth on one side: the doubt is theirs, and no change of a fifth is said."""
    apart = [run_at(-0.05, 0.001), run_at(0.05, 0.001)]
    assert effect_of(apart, [run_at(0.18, 0.001), run_at(0.182, 0.001)]).half_width > 0.2
    assert mean_row(apart, [run_at(0.18, 0.001)]).answer is Answer.INCONCLUSIVE


def test_two_against_one() -> None:
    """A single run lies where one more of the others would: their spread, times the root of one and a half."""
    pair = [run_at(0.0, 0.0001), run_at(0.02, 0.0001)]
    effect = effect_of(pair, [run_at(0.3, 0.0001)])
    assert effect.half_width == pytest.approx(2.6 * 0.03 + 3.2498 * (0.02 / 2**0.5) * 1.5**0.5, rel=1e-3)


def test_an_open_percentile_helps_nobody() -> None:
    """Where each run leaves a p99 open above, the spread of two runs must show it by itself."""
    runs = [measured(level, seed=seed, rate=8) for seed, level in ((1, 0.0), (2, 0.05), (3, 0.3), (4, 0.25))]
    thresholds = Thresholds(change=TOLERANCE, same=TOLERANCE)
    before, after = (tuple(runs[:2]),), (tuple(runs[2:]),)
    row = compare_metric(before, after, Metric.P99, thresholds, RULE, is_gating=False)
    assert row.effect is not None
    assert row.effect.half_width > 9.9 * 2**0.5 * 0.01
    assert row.effect.half_width < float("inf")
