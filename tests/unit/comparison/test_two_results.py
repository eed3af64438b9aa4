"""Two results, or two sets of them."""

from __future__ import annotations

from dataclasses import replace
from math import inf, log

import pytest

from perfengine.comparison.families import apply_families
from perfengine.comparison.sides import side_of
from perfengine.comparison.two_results import compare_results
from perfengine.model.comparison import (
    Answer,
    CompareRule,
    Direction,
    MetricComparison,
    OperationComparison,
    OperationSample,
    Presence,
    SecondSample,
)
from perfengine.model.fingerprint import FieldClass, Subject
from perfengine.model.requirement import Metric
from tests.unit.comparison.made import measured, one_run, plain_sample

RULE = CompareRule()

#: Log ratios of runs to their mean, as far apart as on a calm machine.
CALM = (0.004, -0.006, 0.002, 0.005, -0.005)


def runs_around(shift: float, *, count: int = 5) -> list[OperationSample]:
    """Return runs of one operation whose means lie around a log ratio to 10 ms."""
    return [measured(shift + CALM[n % 5], seed=100 * n + round(shift * 1000) + 500) for n in range(count)]


def compare(
    before: list[OperationSample], after: list[OperationSample], session: tuple[str, str] = ("", "")
) -> OperationComparison:
    """Return the comparison of two sets of runs, every run a session of its own unless told otherwise."""
    sides = [
        [one_run(sample, session=name) for sample in samples]
        for samples, name in zip((before, after), session, strict=True)
    ]
    (found,) = compare_results(sides[0], sides[1], RULE)
    return found


def row_of(found: OperationComparison, metric: Metric = Metric.MEAN) -> MetricComparison:
    """Return the row of a metric."""
    return next(row for row in found.metrics if row.metric is metric)


def test_several_runs_show_a_change() -> None:
    """Ten percent between two sets of five runs: a change for the worse in every latency, and in the rate."""
    found = compare(runs_around(0.0), runs_around(0.1))
    for metric in (Metric.MEAN, Metric.MEDIAN, Metric.P95, Metric.P99, Metric.THROUGHPUT):
        row = row_of(found, metric)
        assert (row.answer, row.direction) == (Answer.CHANGE, Direction.WORSE), metric
        assert row.evidence == (5, 5)
    mean = row_of(found)
    assert mean.effect is not None
    assert mean.effect.lower < 0.1 < mean.effect.upper
    assert found.fails


def test_several_runs_show_sameness() -> None:
    """Nothing changed between two sets of five runs: proven to be within five percent."""
    found = compare(runs_around(0.0), runs_around(0.0001))
    row = row_of(found)
    assert (row.answer, row.needed, row.reason) == (Answer.SAME, None, "")
    assert row.smallest is not None
    assert row.smallest < 0.05
    assert not found.fails


def test_improvements_are_shown() -> None:
    """Faster is a change as well, and no failure."""
    found = compare(runs_around(0.0), runs_around(-0.1))
    assert (row_of(found).answer, row_of(found).direction) == (Answer.CHANGE, Direction.BETTER)
    assert not found.fails


def test_two_single_runs() -> None:
    """One run on either side knows itself and not how much runs differ: 3 % are assumed, and said."""
    row = row_of(compare([measured(0.0)], [measured(0.05, seed=2)]))
    assert (row.answer, row.fails) == (Answer.INCONCLUSIVE, False)
    assert row.notes == ("the spread between sessions is not known and taken to be 3 %",)
    assert row.effect is not None
    assert row.effect.half_width > 2.6 * 0.03
    assert row.needed is not None
    assert row.needed > 3
    assert row.smallest is not None
    assert row.smallest > 0.08


def test_two_single_runs_that_differ_much() -> None:
    """A fifth more is beyond the run's own noise and what sessions are taken to differ by."""
    row = row_of(compare([measured(0.0)], [measured(log(1.2), seed=2)]))
    assert (row.answer, row.direction, row.fails) == (Answer.CHANGE, Direction.WORSE, True)


@pytest.mark.parametrize("times", [0.6, 1.0, 1.9])
def test_brief_runs_tell_little(times: float) -> None:
    """Runs of a second show neither sameness nor a change below a factor of two, and what it takes is said."""
    row = row_of(compare([plain_sample(10.0)], [plain_sample(10.0 * times)]))
    assert (row.answer, row.reason) == (
        Answer.INCONCLUSIVE,
        "runs of less than 20 s do not show their own noise: it takes longer ones, or three on a side",
    )
    assert row.smallest == pytest.approx(1.0)
    assert row.needed is not None


@pytest.mark.parametrize(("times", "direction"), [(2.1, Direction.WORSE), (0.45, Direction.BETTER)])
@pytest.mark.parametrize("runs", [1, 2])
def test_brief_runs_show_a_gross_change(times: float, direction: Direction, runs: int) -> None:
    """No noise is likely to double a latency, or to halve it."""
    before, after = ([plain_sample(10.0 * factor)] * runs for factor in (1.0, times))
    row = row_of(compare(before, after))
    assert (row.answer, row.direction) == (Answer.CHANGE, direction)


def test_one_brief_run_is_enough() -> None:
    """A long run beside it does not tell its noise."""
    row = row_of(compare([measured(0.0)], [plain_sample(15.0)]))
    assert row.answer is Answer.INCONCLUSIVE


def test_three_brief_runs_show_how_runs_differ() -> None:
    """By themselves, however brief; two do not."""
    before, after = ([plain_sample(mean * times) for mean in (10.0, 10.1, 9.9)] for times in (1.0, 1.3))
    days = ("monday", "tuesday")
    assert row_of(compare(before, after, session=days)).answer is Answer.CHANGE
    assert row_of(compare(before[:2], after[:2], session=days)).answer is Answer.INCONCLUSIVE


def drifting(times: float = 1.0) -> OperationSample:
    """Return a run of a minute whose level wanders slowly, up to a half."""
    sample = measured(log(times), seconds=60)
    waves = [1 + 0.5 * (n // 15 % 2) for n in range(60)]
    seconds = tuple(
        SecondSample(ok=second.ok, bad=0, mean_ns=(second.mean_ns or 0) * wave)
        for second, wave in zip(sample.seconds, waves, strict=True)
    )
    return replace(sample, seconds=seconds)


def test_runs_shorter_than_what_disturbs_them() -> None:
    """What takes a quarter of the run may be chance up to a factor of two; beyond that it is a change."""
    row = row_of(compare([drifting()], [drifting(1.9)]))
    assert (row.answer, row.reason) == (
        Answer.INCONCLUSIVE,
        "a run must be 20 times as long as what disturbs it, and is not",
    )
    assert row_of(compare([drifting()], [drifting(4.0)])).answer is Answer.CHANGE


def test_repeats_of_one_session_are_not_sessions() -> None:
    """Five runs in a row on either side show how runs differ, and not how days do."""
    apart = row_of(compare(runs_around(0.0), runs_around(0.06)))
    in_a_row = row_of(compare(runs_around(0.0), runs_around(0.06), session=("monday", "tuesday")))
    assert apart.answer is Answer.CHANGE
    assert in_a_row.answer is Answer.INCONCLUSIVE
    assert in_a_row.notes == ("the spread between sessions is not known and taken to be 3 %",)


def test_one_new_run_against_many() -> None:
    """A single new run must lie outside of what one more of the old ones would do."""
    before = runs_around(0.0, count=10)
    assert row_of(compare(before, [measured(0.2, seed=7)])).answer is Answer.CHANGE
    assert row_of(compare(before, [measured(0.0, seed=7)])).evidence == (10, 1)


def test_missing_and_new() -> None:
    """An operation that is measured no more fails; a new one is only said."""
    before, after = one_run(plain_sample(name="buy")), one_run(plain_sample(name="sell"))
    gone, new = compare_results([before], [after], RULE)
    assert (gone.name, gone.presence, gone.fails) == ("buy", Presence.MISSING, True)
    assert (new.name, new.presence, new.fails) == ("sell", Presence.NEW, False)


def test_a_p99_of_few_attempts() -> None:
    """What a sample is too small for is inconclusive, with the number that it takes."""
    row = row_of(compare([plain_sample(ok=100)], [plain_sample(ok=1000)]), Metric.P99)
    assert (row.answer, row.reason) == (Answer.INCONCLUSIVE, "needs 368 attempts, has 100")
    assert row.before is None
    assert row.after is not None


def test_nothing_was_ok() -> None:
    """Without an ok attempt there is no latency, and the error rate is compared all the same."""
    found = compare([measured()], [plain_sample(ok=0, bad=1000)])
    assert row_of(found).reason == "no attempt was ok"
    errors = row_of(found, Metric.ERROR_RATE)
    assert (errors.answer, errors.direction) == (Answer.CHANGE, Direction.WORSE)
    assert (errors.before, errors.after) == (0, 1)


def test_no_errors_prove_little() -> None:
    """Two sets of runs without a failure are the same when attempts are many, and not when they are few."""
    few = [plain_sample(ok=20) for _ in range(3)]
    many = [plain_sample(ok=2000) for _ in range(3)]
    assert row_of(compare(many, many), Metric.ERROR_RATE).answer is Answer.SAME
    assert row_of(compare(few, few), Metric.ERROR_RATE).answer is Answer.INCONCLUSIVE


def test_open_bounds() -> None:
    """A quantile that is open above is open in the comparison, and no number of runs is promised from nothing."""
    row = row_of(compare([measured(rate=4, seconds=20)], [measured(rate=4, seconds=20, seed=2)]), Metric.P95)
    assert row.answer is Answer.INCONCLUSIVE
    assert row.effect is not None
    assert row.effect.upper == inf


def test_another_load_is_not_comparable() -> None:
    """A hard field that differs withholds the verdict, names the field and still shows the figures."""
    before, after = (measured(fingerprint={"load.model": model}) for model in ("closed", "open"))
    found = compare([before], [after])
    row = row_of(found)
    assert (row.answer, row.reason, row.effect) == (Answer.NOT_COMPARABLE, "differs in load.model", None)
    assert (row.before, row.after) == pytest.approx((before.mean_ns, after.mean_ns))
    assert not found.fails


def test_forced() -> None:
    """Who insists gets an answer, with the mark that it was forced."""
    before = one_run(measured(fingerprint={"load.users": 5}))
    after = one_run(measured(0.5, fingerprint={"load.users": 10}))
    (found,) = compare_results([before], [after], RULE, force=True)
    assert found.forced
    assert [difference.field_class for difference in found.differences] == [FieldClass.HARD]
    assert row_of(found).answer is Answer.CHANGE


def test_what_is_under_test_may_differ() -> None:
    """Settings differ where settings are the subject."""
    before, after = (
        one_run(measured(fingerprint={"setting.shared_buffers": size})) for size in ("128MB", "8GB")
    )
    (found,) = compare_results([before], [after], RULE, subjects={Subject.SETTINGS})
    assert row_of(found).answer is not Answer.NOT_COMPARABLE
    assert [difference.field_class for difference in found.differences] == [FieldClass.INFO]


def test_soft_differences_are_told() -> None:
    """A soft field that differs leaves the verdict, and marks it."""
    before, after = (measured(fingerprint={"machine.kernel": version}) for version in ("6.1", "6.2"))
    found = compare([before], [after])
    assert [difference.field_class for difference in found.differences] == [FieldClass.SOFT]
    assert row_of(found).answer is not Answer.NOT_COMPARABLE


def test_sessions() -> None:
    """Runs of one session are together, runs that name none are each alone, and other operations are left out."""
    runs = [
        one_run(plain_sample(1), session="a"),
        one_run(plain_sample(2)),
        one_run(plain_sample(3), session="a"),
        one_run(plain_sample(4)),
        one_run(plain_sample(5, name="sell"), session="b"),
    ]
    means = [[sample.mean_ns for sample in session] for session in side_of(runs, "buy")]
    assert means == [[1e6, 3e6], [2e6], [4e6]]


@pytest.mark.parametrize("count", [1, 5])
def test_fifty_operations_of_nothing(count: int) -> None:
    """Fifty unchanged operations, once each or five times: no change at all among three hundred rows."""

    def runs(first: int) -> list[OperationSample]:
        return [
            measured(CALM[n % 5] * (-1) ** first, seed=1000 * op + 10 * n + first, name=f"op{op}", rate=40)
            for op in range(50)
            for n in range(count)
        ]

    found = apply_families(
        compare_results(
            [one_run(sample) for sample in runs(1)], [one_run(sample) for sample in runs(2)], RULE
        )
    )
    assert len(found) == 50
    assert [row for operation in found for row in operation.metrics if row.answer is Answer.CHANGE] == []
