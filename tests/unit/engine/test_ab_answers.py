"""What pairs say: a change is held against fresh ones, and a busy generator proves nothing."""

from __future__ import annotations

import numpy as np
import pytest

from perfengine.engine.ab.answers import answers_of, changes
from perfengine.metrics.counts import Counts
from perfengine.model.comparison import Answer, CompareRule, OperationComparison, OperationSample
from perfengine.model.requirement import Metric

RULE = CompareRule()
GATING = {"work": frozenset({Metric.MEAN})}
ATTEMPTS = 400


def arm(latency_ns: float) -> OperationSample:
    """Return one side of a pair: as many attempts, all as long."""
    counts = Counts()
    counts.add(np.full(ATTEMPTS, round(latency_ns), dtype=np.int64))
    return OperationSample(
        name="work",
        response=counts.freeze().counts,
        mean_ns=latency_ns,
        ok=ATTEMPTS,
        bad=0,
        due=ATTEMPTS,
        measured_ns=round(latency_ns * ATTEMPTS),
    )


def pairs(ratio: float, count: int = 10) -> list[tuple[OperationSample, OperationSample]]:
    """Return pairs in which B takes `ratio` times as long, give or take a percent."""
    return [(arm(1e6), arm(1e6 * ratio * (1.005 if n % 2 else 0.995))) for n in range(count)]


def mean_of(
    first: list[tuple[OperationSample, OperationSample]],
    fresh: list[tuple[OperationSample, OperationSample]],
    share: float = 0.5,
) -> tuple[Answer, bool, str]:
    """Return answer, failure and reason of the mean."""
    (found,) = answers_of({"work": (first, fresh)}, RULE, gating=GATING, seed=1, share=share)
    row = next(row for row in found.metrics if row.metric is Metric.MEAN)
    return row.answer, row.fails, row.reason


def test_the_same() -> None:
    """Proven, unless the generator was the bottleneck."""
    assert mean_of(pairs(1.0), [])[0] is Answer.SAME
    answer, fails, reason = mean_of(pairs(1.0), [], share=0.95)
    assert (answer, fails) == (Answer.INCONCLUSIVE, False)
    assert "the load generator was the bottleneck" in reason


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_change_that_stays(share: float) -> None:
    """A regression fails, however busy the generator was: it hides changes and makes none."""
    assert mean_of(pairs(1.08), pairs(1.08), share)[:2] == (Answer.CHANGE, True)


def test_a_change_that_went_away() -> None:
    """Fresh pairs without it: no alarm."""
    answer, fails, _ = mean_of(pairs(1.08), pairs(0.99))
    assert answer is not Answer.CHANGE
    assert not fails


def test_a_change_that_nobody_confirmed() -> None:
    """What ended before fresh pairs were whole raises no alarm either."""
    answer, fails, reason = mean_of(pairs(1.08), pairs(1.08, 3))
    assert (answer, fails) == (Answer.INCONCLUSIVE, False)
    assert reason == "it ended before fresh pairs could confirm the change"


def test_what_asks_for_fresh_pairs() -> None:
    """A change of what decides, before it is confirmed; of nothing else."""

    def found(gating: dict[str, frozenset[Metric]], ratio: float) -> tuple[OperationComparison, ...]:
        return answers_of({"work": (pairs(ratio), [])}, RULE, gating=gating, seed=1, share=0, only={"work"})

    assert changes(found(GATING, 1.08))
    assert changes(found(GATING, 0.9))
    assert not changes(found(GATING, 1.0))
    assert not changes(found({}, 1.08))
