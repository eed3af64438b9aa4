"""Two arms that take turns, metric by metric."""

from __future__ import annotations

from math import exp, log

import pytest

from perfengine.comparison.paired import Pair, compare_pairs, confirm, further_pairs, pair_differences
from perfengine.model.comparison import Answer, CompareRule, Direction, MetricComparison
from perfengine.model.requirement import Metric
from tests.unit.comparison.made import plain_sample

RULE = CompareRule()
GATING = frozenset({Metric.MEAN})

#: Small differences of pairs that sum to nothing.
JITTER = (0.004, -0.003, 0.002, -0.004, 0.001, 0.003, -0.002, 0.004, -0.004, -0.001)


def pairs_moved_by(
    shift: float, *, pairs: int = 10, ok: int = 1000, bad: tuple[int, int] = (0, 0)
) -> list[Pair]:
    """Return pairs whose latency is larger in B by a log ratio, and whose rate is lower by it."""
    return [
        (
            plain_sample(10.0, ok=ok, bad=bad[0]),
            plain_sample(10.0 * exp(shift + noise), ok=ok, bad=bad[1], measured_s=exp(shift + noise)),
        )
        for noise in (JITTER * pairs)[:pairs]
    ]


def row_of(rows: tuple[MetricComparison, ...], metric: Metric) -> MetricComparison:
    """Return the row of a metric."""
    return next(row for row in rows if row.metric is metric)


def compared(pairs: list[Pair], metric: Metric = Metric.MEAN) -> MetricComparison:
    """Return the row of a metric of these pairs."""
    return row_of(compare_pairs(pairs, RULE, gating=GATING, seed=1), metric)


def test_slower() -> None:
    """Ten percent more latency is a change for the worse, with its size between its bounds, and fails."""
    row = compared(pairs_moved_by(log(1.1)))
    assert (row.answer, row.direction, row.fails, row.is_gating) == (
        Answer.CHANGE,
        Direction.WORSE,
        True,
        True,
    )
    assert row.effect is not None
    assert row.effect.change == pytest.approx(0.1, abs=1e-3)
    assert 0.09 < row.effect.change_lower < row.effect.change < row.effect.change_upper < 0.11
    assert (row.before, row.after) == pytest.approx((10e6, 11e6), rel=1e-3)
    assert row.evidence == (10, 10)
    assert row.needed is None


def test_faster() -> None:
    """Less latency is a change for the better, and no failure."""
    row = compared(pairs_moved_by(log(0.9)))
    assert (row.answer, row.direction, row.fails) == (Answer.CHANGE, Direction.BETTER, False)


@pytest.mark.parametrize(("shift", "direction"), [(0.1, Direction.WORSE), (-0.1, Direction.BETTER)])
def test_throughput_goes_the_other_way(shift: float, direction: Direction) -> None:
    """A lower rate is worse."""
    row = compared(pairs_moved_by(shift), Metric.THROUGHPUT)
    assert (row.answer, row.direction, row.fails) == (Answer.CHANGE, direction, False)


def test_same() -> None:
    """Nothing moved: the same, with the smallest change that would have been seen."""
    row = compared(pairs_moved_by(0.0))
    assert (row.answer, row.direction, row.is_small) == (Answer.SAME, None, False)
    assert row.smallest is not None
    assert 0 < row.smallest < 0.01


def test_small_shift_is_listed() -> None:
    """One percent is certain here, and below what matters."""
    row = compared(pairs_moved_by(0.01))
    assert (row.answer, row.direction, row.is_small, row.fails) == (
        Answer.SAME,
        Direction.WORSE,
        True,
        False,
    )


def test_cannot_tell() -> None:
    """Wide differences are inconclusive, with the number of pairs that would do."""
    pairs = [pairs_moved_by(0.2 * (-1) ** n, pairs=1)[0] for n in range(10)]
    row = compared(pairs)
    assert row.answer is Answer.INCONCLUSIVE
    assert row.needed is not None
    assert row.needed > 100
    assert row.reason == "the interval is wider than half of the change that matters"


def test_too_few_pairs() -> None:
    """Nine pairs are not judged, and say so."""
    row = compared(pairs_moved_by(0.5, pairs=9))
    assert (row.answer, row.reason, row.effect) == (Answer.INCONCLUSIVE, "needs 10 pairs, has 9", None)


def test_too_few_attempts_for_a_p99() -> None:
    """A p99 needs 368 attempts in every arm; the p95 of the same pairs is judged."""
    pairs = [*pairs_moved_by(0.1)[:9], *pairs_moved_by(0.1, pairs=1, ok=367)]
    row = compared(pairs, Metric.P99)
    assert (row.answer, row.reason) == (
        Answer.INCONCLUSIVE,
        "needs 368 attempts, has 367 in an arm of a pair",
    )
    assert compared(pairs, Metric.P95).answer is Answer.CHANGE


def test_error_rates_are_compared_by_difference() -> None:
    """From no failure to a tenth: ten percentage points more, though no ratio could say it."""
    row = compared(pairs_moved_by(0.0, ok=900, bad=(0, 100)), Metric.ERROR_RATE)
    assert (row.answer, row.direction) == (Answer.CHANGE, Direction.WORSE)
    assert row.effect is not None
    assert (row.before, row.after, row.effect.change) == pytest.approx((0, 0.1, 0.1))


def test_without_failures_error_rates_are_the_same() -> None:
    """Nothing failed in either arm."""
    assert compared(pairs_moved_by(0.0), Metric.ERROR_RATE).answer is Answer.SAME


def test_a_spike_is_noted() -> None:
    """Two wild pairs of twelve pull the mean away from the trimmed mean, which is said; the pairs stay."""
    pairs = [*pairs_moved_by(0.0), *pairs_moved_by(0.5, pairs=2)]
    row = compared(pairs)
    assert row.paired is not None
    assert len(row.paired.differences) == 12
    assert row.paired.trimmed.shift == pytest.approx(0, abs=0.002)
    assert row.effect is not None
    assert row.effect.shift > 0.08
    assert "mean and trimmed mean differ by more than a standard error: a few pairs weigh much" in row.notes


def test_heavy_tails_are_noted() -> None:
    """Where sign flips find what the t interval does not, the row says so."""
    pairs = [pairs_moved_by(shift, pairs=1)[0] for shift in [0.01] * 11 + [0.3]]
    row = compared(pairs)
    assert row.paired is not None
    assert row.p_value is not None
    assert row.paired.randomisation_p < 0.01 < row.p_value
    assert "heavy tails: sign flips and the t interval disagree" in row.notes


def test_further_pairs() -> None:
    """The least certain gating metric decides; one that no arm shows waits for nothing."""
    wide = [pairs_moved_by(0.2 * (-1) ** n, pairs=1)[0] for n in range(10)]
    narrow = pairs_moved_by(0.0)
    assert further_pairs([narrow, wide], RULE, gating=GATING) == 2
    assert further_pairs([narrow], RULE, gating=GATING) == 0
    assert further_pairs([narrow[:3]], RULE, gating=GATING) == 7
    few = pairs_moved_by(0.0, ok=100)
    assert further_pairs([few], RULE, gating={Metric.P99}) == 0


def test_confirmed() -> None:
    """A change that fresh pairs show again stays, by all pairs together."""
    first, fresh = pairs_moved_by(0.1), pairs_moved_by(0.08)
    rows = confirm(compare_pairs(first, RULE, gating=GATING, seed=1), first, fresh, RULE, seed=1)
    row = row_of(rows, Metric.MEAN)
    assert (row.answer, row.fails, row.evidence) == (Answer.CHANGE, True, (20, 20))
    assert row.paired is not None
    assert row.paired.confirmed is True
    assert row.effect is not None
    assert row.effect.shift == pytest.approx(0.09, abs=1e-3)


def test_went_away() -> None:
    """A change of the first pairs that fresh ones do not show is no alarm, and what happened is said."""
    first, fresh = pairs_moved_by(0.1), pairs_moved_by(-0.01)
    rows = confirm(compare_pairs(first, RULE, gating=GATING, seed=1), first, fresh, RULE, seed=1)
    row = row_of(rows, Metric.MEAN)
    assert (row.answer, row.fails) == (Answer.INCONCLUSIVE, False)
    assert row.paired is not None
    assert row.paired.confirmed is False
    assert "a change of the first pairs went away in fresh ones" in row.notes


def test_what_does_not_gate_is_not_confirmed() -> None:
    """Rows that decide nothing are left as the first pairs made them."""
    first, fresh = pairs_moved_by(0.1), pairs_moved_by(-0.1)
    rows = compare_pairs(first, RULE, gating=(), seed=1)
    assert confirm(rows, first, fresh, RULE, seed=1) == rows


def test_differences_in_order() -> None:
    """Differences are ln(B / A), pair by pair."""
    pairs = [(plain_sample(10.0), plain_sample(11.0)), (plain_sample(10.0), plain_sample(9.0))]
    assert pair_differences(pairs, Metric.MEAN) == pytest.approx((log(1.1), log(0.9)))
    assert pair_differences([(plain_sample(10.0), plain_sample(ok=0))], Metric.MEAN) == ()
