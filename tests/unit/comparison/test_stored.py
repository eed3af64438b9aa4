"""The current result against a stored baseline."""

from __future__ import annotations

from math import exp, expm1, log

import numpy as np
import pytest

from perfengine.comparison.canary import CANARY_BAND
from perfengine.comparison.stored import compare_with_baseline, tolerance_for
from perfengine.model.canary import CanaryShift
from perfengine.model.comparison import (
    Answer,
    CompareRule,
    Direction,
    Effect,
    MetricComparison,
    OperationComparison,
    OperationSample,
    Presence,
    Side,
    StoredBaseline,
    StoredOperation,
)
from perfengine.model.requirement import Metric
from tests.unit.comparison.made import each_a_session, measured, one_run, plain_sample
from tests.unit.comparison.noise import QUIET, TYPICAL, runs_of

RULE = CompareRule()
MS = 1e6


def baseline(
    mean_ms: float = 10.0,
    *,
    p95_ms: float | None = None,
    tolerance: float | None = None,
    file: float | None = None,
    sessions: Side = (),
) -> StoredBaseline:
    """Return a baseline of one operation."""
    figures = {Metric.MEAN: mean_ms * MS, **({Metric.P95: p95_ms * MS} if p95_ms else {})}
    stored = StoredOperation(name="buy", figures=figures, tolerance=tolerance, sessions=sessions)
    return StoredBaseline(operations=(stored,), tolerance=file)


def against(
    stored: StoredBaseline,
    *current: OperationSample,
    tolerance: float | None = None,
    canary: CanaryShift | None = None,
) -> OperationComparison:
    """Return the comparison of its one operation with runs that are each a session."""
    (found,) = compare_with_baseline(
        stored, [one_run(sample) for sample in current], RULE, tolerance=tolerance, canary=canary
    )
    return found


def mean_of(found: OperationComparison) -> MetricComparison:
    """Return the row of the mean."""
    return next(row for row in found.metrics if row.metric is Metric.MEAN)


@pytest.mark.parametrize(
    ("given", "tolerance"),
    [
        ((0.05, 0.15, 0.2), 0.05),
        ((None, 0.15, 0.2), 0.15),
        ((None, None, 0.2), 0.2),
        ((None, None, None), 0.1),
        ((0.0, 0.15, 0.2), 0.0),
    ],
)
def test_precedence(given: tuple[float | None, float | None, float | None], tolerance: float) -> None:
    """The command line wins over the operation, that over the file, and that over a tenth."""
    assert tolerance_for(*given) == tolerance


@pytest.mark.parametrize(
    ("after_ms", "tolerance", "fails"),
    [
        (11.1, None, True),
        (10.9, None, False),
        (10.6, 0.05, True),
        (11.4, 0.15, False),
        (5.0, None, False),
    ],
)
def test_without_sessions(after_ms: float, tolerance: float | None, *, fails: bool) -> None:
    """The plain rule decides what fails; it is no verdict, and what it decides is marked unconfirmed."""
    found = against(baseline(tolerance=tolerance), plain_sample(after_ms))
    row = mean_of(found)
    assert (found.fails, row.fails, row.is_unconfirmed) == (fails, fails, fails)
    assert row.answer is Answer.INCONCLUSIVE
    assert row.effect is not None
    assert row.effect.change == pytest.approx(after_ms / 10 - 1)


def test_exactly_at_the_tolerance() -> None:
    """(current - baseline) / baseline > tolerance: what equals it holds."""
    assert not against(baseline(8.0), plain_sample(10.0), tolerance=0.25).fails
    assert against(baseline(8.0), plain_sample(10.0), tolerance=0.2499).fails


def test_p95_of_the_older_formats_is_shown_and_does_not_fail() -> None:
    """Their rule looks at the mean alone; a worse p95 is said."""
    found = against(baseline(10.0, p95_ms=5.0), plain_sample(10.0))
    mean, p95 = found.metrics
    assert (p95.metric, p95.is_unconfirmed, p95.fails, p95.direction) == (
        Metric.P95,
        True,
        False,
        Direction.WORSE,
    )
    assert (mean.fails, found.fails) == (False, False)


@pytest.mark.parametrize("mean_ms", [0.0, -1.0, float("nan"), float("inf")])
def test_a_baseline_of_nothing(mean_ms: float) -> None:
    """A mean that is not above 0 cannot be compared with, and divides nothing."""
    row = mean_of(against(baseline(mean_ms), plain_sample(10.0)))
    assert (row.answer, row.fails, row.reason) == (
        Answer.NOT_COMPARABLE,
        False,
        "the baseline is not above 0",
    )


def test_missing_and_new() -> None:
    """What the baseline has and the result has not fails; what it does not know is said."""
    gone, new = compare_with_baseline(baseline(), [one_run(plain_sample(name="sell"))], RULE)
    assert (gone.presence, gone.fails) == (Presence.MISSING, True)
    assert (new.name, new.presence, new.fails) == ("sell", Presence.NEW, False)


@pytest.mark.parametrize(
    ("ratio", "answer", "fails"),
    [
        (1.25, Answer.CHANGE, True),
        (1.12, Answer.CHANGE, True),
        (0.80, Answer.CHANGE, False),
        (1.07, Answer.INCONCLUSIVE, False),
        (1.00, Answer.SAME, False),
    ],
)
def test_one_session(ratio: float, answer: Answer, *, fails: bool) -> None:
    """Beyond the tolerance and beyond the doubt it is a change; near nothing, and surely, the same."""
    kept = measured(0.0, seconds=60, rate=2000, spread=0.1)
    now = measured(log(ratio), seconds=60, rate=2000, spread=0.1, seed=2)
    found = against(baseline(sessions=((kept,),)), now)
    row = mean_of(found)
    assert (row.answer, found.fails) == (answer, fails)
    assert row.notes == ("the spread between sessions is not known and taken to be 3 %",)


def test_one_session_needs_more_than_its_doubt() -> None:
    """A tight tolerance does not make a single session surer: 5 % are within 2.6 times 3 %."""
    kept, now = measured(0.0), measured(0.05, seed=2)
    assert mean_of(against(baseline(sessions=((kept,),)), now, tolerance=0.01)).answer is Answer.INCONCLUSIVE


@pytest.mark.parametrize("shift", [0.03, -0.03])
def test_shift_between_sessions(shift: float) -> None:
    """A stored session of five runs, and the machine 3 % slower or faster in the next: no change in 200 comparisons.

    The machine is the typical one, spikes of whole runs included.
    """
    levels = runs_of(TYPICAL, np.random.default_rng([7, shift > 0]), 200, 10)
    levels[:, 5:] += shift
    assert sum(changes(row[:5], row[5:]) for row in levels.tolist()) == 0


def changes(before: list[float], after: list[float]) -> bool:
    """Return whether any metric is called a change between a session of these levels and another one."""
    kept, now = ([plain_sample(10 * exp(level)) for level in side] for side in (before, after))
    current = [one_run(sample, session="now") for sample in now]
    (found,) = compare_with_baseline(baseline(sessions=(tuple(kept),)), current, RULE)
    return any(row.answer is Answer.CHANGE for row in found.metrics)


@pytest.mark.parametrize("shift", [0.03, -0.03])
def test_shift_between_sessions_of_a_run(shift: float) -> None:
    """With a single run in either session the same holds on a quiet machine: no change in 100 comparisons."""
    levels = runs_of(QUIET, np.random.default_rng([8, shift > 0]), 100, 2)
    for number, (then, now) in enumerate(levels.tolist()):
        kept = measured(then, seed=2 * number)
        found = against(baseline(sessions=((kept,),)), measured(now + shift, seed=2 * number + 1))
        assert [row for row in found.metrics if row.answer is Answer.CHANGE] == []


SESSIONS = each_a_session([measured(level, seed=n) for n, level in enumerate((0.0, 0.01, -0.01, 0.005))])


def now_at(shift: float) -> list[OperationSample]:
    """Return three current sessions around a shift."""
    return [measured(shift + level, seed=50 + n) for n, level in enumerate((0.0, 0.008, -0.008))]


@pytest.mark.parametrize(
    ("ratio", "answer"), [(1.15, Answer.CHANGE), (1.0, Answer.SAME), (1.09, Answer.INCONCLUSIVE)]
)
def test_several_sessions(ratio: float, answer: Answer) -> None:
    """From three sessions on they show their own spread; it is their number that counts."""
    row = mean_of(against(baseline(sessions=SESSIONS), *now_at(log(ratio))))
    assert (row.answer, row.evidence) == (answer, (4, 3))
    assert row.notes == ("no canary: a shift of the environment would look like a change",)


def test_runs_of_a_session_count_once() -> None:
    """Ten runs in each of three sessions are three witnesses."""
    sessions = tuple(
        tuple(measured(level + n / 1000, seed=10 * s + n, rate=50) for n in range(10))
        for s, level in enumerate((0.0, 0.02, -0.02))
    )
    row = mean_of(against(baseline(sessions=sessions), measured(0.0, seed=99)))
    assert row.evidence == (3, 1)


def canary(shift: float, half_width: float) -> CanaryShift:
    """Return a canary that moved by a log ratio."""
    effect = Effect(shift=shift, lower=shift - half_width, upper=shift + half_width)
    return CanaryShift(effect=effect, allowed=CANARY_BAND)


@pytest.mark.parametrize(
    ("shift", "half_width", "is_withheld"),
    [
        (0.0, 0.01, False),
        (0.005, 0.02, False),
        (0.03, 0.005, True),  # may be within, may be beyond
        (-0.05, 0.01, True),
        (0.0, 0.04, False),  # a canary that is not sure says nothing
    ],
)
def test_canary(shift: float, half_width: float, *, is_withheld: bool) -> None:
    """Unless the canary is shown to be within 3 % of what it was, no verdict is given, and nothing fails."""
    found = against(baseline(sessions=SESSIONS), *now_at(0.5), canary=canary(shift, half_width))
    row = mean_of(found)
    assert (row.answer is Answer.NOT_COMPARABLE) is is_withheld
    assert ("shifted: the canary changed by" in row.reason) is is_withheld
    assert found.fails is not is_withheld


def test_canary_of_few_sessions_is_only_said() -> None:
    """One session, or figures alone: what they assume, or do not know, is not made worse by a canary that moved."""
    said = "the environment has shifted: the canary changed by +5.1% to +7.3%; a difference may come of that"
    one = mean_of(against(baseline(sessions=SESSIONS[:1]), measured(0.5, seed=9), canary=canary(0.06, 0.01)))
    assert (one.answer, one.fails, one.notes[-1]) == (Answer.CHANGE, True, said)
    plain = mean_of(against(baseline(), plain_sample(15.0), canary=canary(0.06, 0.01)))
    assert (plain.fails, plain.notes) == (True, (said,))


def test_shift_between_sessions_is_seen_by_the_canary() -> None:
    """A shift of 3 % that moves the canary too is withheld in 95 of 100 comparisons, and never a change."""
    rng = np.random.default_rng(8)
    withheld = 0
    for shift in rng.choice([0.03, -0.03], 100):
        seen = canary(float(shift + rng.normal(0, 0.002)), 0.0055)
        row = mean_of(against(baseline(sessions=SESSIONS), *now_at(float(shift)), canary=seen))
        withheld += row.answer is Answer.NOT_COMPARABLE
        assert row.answer is not Answer.CHANGE
    assert withheld >= 95


def test_canary_is_mentioned() -> None:
    """A canary within its band that moved by more than 1 % is said."""
    found = against(baseline(sessions=SESSIONS), *now_at(0.0), canary=canary(0.015, 0.005))
    assert mean_of(found).notes == (f"the canary shifted by {expm1(0.015):+.1%}",)


def test_another_ground() -> None:
    """A baseline of other hardware is not comparable, unless forced; the older formats have no ground to compare."""
    kept = measured(fingerprint={"machine.cpus": 4})
    now = measured(0.5, fingerprint={"machine.cpus": 2})
    found = against(baseline(sessions=((kept,),)), now)
    assert (mean_of(found).answer, mean_of(found).reason) == (
        Answer.NOT_COMPARABLE,
        "differs in machine.cpus",
    )
    (forced,) = compare_with_baseline(baseline(sessions=((kept,),)), [one_run(now)], RULE, force=True)
    assert (mean_of(forced).answer, forced.forced) == (Answer.CHANGE, True)
    assert against(baseline(10 * exp(0.01)), now).differences == ()
