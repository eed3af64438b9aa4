"""The rule of the paired comparison on a thousand machines of each kind: how often it errs, how often it finds."""

from __future__ import annotations

from collections import Counter
from math import log

import pytest

from perfengine.comparison.pair_rule import answer_of, pairs_to_add, stays
from perfengine.model.comparison import Answer, CompareRule
from perfengine.stats.student import estimate_mean
from tests.unit.comparison.noise import NOISY, QUIET, TYPICAL, Machine, differences_of

RULE = CompareRule()
TRIALS = 1000
SEEDS = (1, 2, 3)
MACHINES = {"quiet": QUIET, "typical": TYPICAL, "noisy": NOISY}
FIVE_PERCENT = log(1.05)


def measure(all_pairs: list[float]) -> list[float]:
    """Return as many of the pairs as the rule asks for."""
    taken = 0
    while more := pairs_to_add(all_pairs[:taken], RULE.practical, RULE):
        taken += more
    return all_pairs[:taken]


def answers(machine: Machine, seed: int, effect: float) -> Counter[str]:
    """Return how often each answer came, with the direction of changes, and how many of those fresh pairs confirm."""
    found: Counter[str] = Counter()
    for row in differences_of(machine, seed, effect, TRIALS, RULE.pairs_most + 10).tolist():
        taken, fresh = measure(row[: RULE.pairs_most]), row[RULE.pairs_most :]
        mean = estimate_mean(taken)
        answer = answer_of(mean, RULE.practical, RULE.confidence)
        found[answer] += 1
        if answer is Answer.CHANGE:
            found["up" if mean.value > 0 else "down"] += 1
            found["confirmed"] += stays(taken, fresh, RULE)
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_changed(machine: str, seed: int) -> None:
    """Of 1000 comparisons of a thing with itself at most 18 say that it changed, and fewer after fresh pairs."""
    found = answers(MACHINES[machine], seed, 0.0)
    assert found[Answer.CHANGE] <= 18
    assert found["confirmed"] <= 10


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("machine", ["quiet", "typical"])
def test_five_percent_is_found(machine: str, seed: int) -> None:
    """A change of 5 % is found in 95 of 100 comparisons, fresh pairs included, and never with the wrong sign."""
    found = answers(MACHINES[machine], seed, FIVE_PERCENT)
    assert found["confirmed"] >= 950
    assert found["down"] == 0
    assert found[Answer.SAME] <= 10


@pytest.mark.parametrize("machine", ["quiet", "typical"])
def test_same_is_said(machine: str) -> None:
    """Where nothing changed most comparisons say so, rather than that they cannot tell."""
    assert answers(MACHINES[machine], 4, 0.0)[Answer.SAME] >= 900


@pytest.mark.parametrize("machine", ["quiet", "typical"])
def test_the_interval_holds_the_truth(machine: str) -> None:
    """After stopping on width the 99 % interval still holds the true change in 97 of 100 comparisons."""
    rows = differences_of(MACHINES[machine], 5, FIVE_PERCENT, TRIALS, RULE.pairs_most).tolist()
    means = [estimate_mean(measure(row)) for row in rows]
    held = sum(abs(mean.value - FIVE_PERCENT) <= mean.half_width(RULE.confidence) for mean in means)
    assert held >= 970
