"""Requirements against what was measured: what passes, what fails, and which operations they name."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.judging.requirements import judge_requirement
from perfengine.model.operation import Kind
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Reason, Verdict
from perfengine.units import NS_PER_S
from tests.builders import make_operation, make_requirement, make_summary
from tests.unit.judging.limits import ERROR, MS, REFUSED, TIMEOUT, judge_one


@pytest.mark.parametrize(
    ("metric", "limit", "verdict", "observed"),
    [
        (Metric.MEAN, 3 * MS, Verdict.PASS, 3 * MS),  # equality holds
        (Metric.MEAN, 3 * MS - 1, Verdict.FAIL, 3 * MS),
        (Metric.MIN, MS, Verdict.PASS, MS),
        (Metric.MIN, MS - 1, Verdict.FAIL, MS),
        (Metric.MAX, 5 * MS, Verdict.PASS, 5 * MS),
        (Metric.MAX, 5 * MS - 1, Verdict.FAIL, 5 * MS),
        (Metric.MEDIAN, 4 * MS, Verdict.PASS, None),
        (Metric.MEDIAN, 2 * MS, Verdict.FAIL, None),
        (Metric.STDEV, 2 * MS, Verdict.PASS, None),
        (Metric.STDEV, MS, Verdict.FAIL, None),
        (Metric.ERROR_RATE, 0.0, Verdict.PASS, 0.0),
        (Metric.THROUGHPUT, 5.0, Verdict.PASS, 5.0),
        (Metric.THROUGHPUT, 5.1, Verdict.FAIL, 5.0),
    ],
)
def test_five_samples(metric: Metric, limit: float, verdict: Verdict, observed: float | None) -> None:
    """With five samples of 1 to 5 ms in a second, a value equal to its limit holds and one above it does not."""
    judgement = judge_one(metric, limit, make_summary([n * MS for n in range(1, 6)]))
    assert (judgement.verdict, judgement.reason) == (verdict, None)
    assert judgement.samples == 5
    if observed is not None:
        assert judgement.observed == observed


@pytest.mark.parametrize(
    ("metric", "needed"),
    [
        (Metric.MEAN, 5),
        (Metric.ERROR_RATE, 5),
        (Metric.MEDIAN, 5),
        (Metric.P90, 29),
        (Metric.P95, 59),
        (Metric.P99, 299),
        (Metric.P999, 2995),
    ],
)
def test_samples_needed(metric: Metric, needed: int) -> None:
    """One sample short nothing is proven, and the judgement says what is missing."""
    limit = 1.0 if metric is Metric.ERROR_RATE else NS_PER_S
    assert judge_one(metric, limit, make_summary([MS] * needed)).verdict is Verdict.PASS
    short = judge_one(metric, limit, make_summary([MS] * (needed - 1)))
    assert (short.verdict, short.reason) == (Verdict.UNPROVEN, Reason.TOO_FEW_SAMPLES)
    assert short.detail == f"needs {needed} samples, has {needed - 1}"


def test_failed_attempts_are_slower_than_any_limit() -> None:
    """With five of a hundred failed, the p95 is the slowest ok attempt; with six it is beyond every limit."""
    five = judge_one(
        Metric.P95, NS_PER_S, make_summary([MS] * 95, failures={REFUSED: 2, ERROR: 2, TIMEOUT: 1})
    )
    assert (five.verdict, five.observed, five.samples) == (Verdict.PASS, MS, 100)
    six = judge_one(Metric.P95, NS_PER_S, make_summary([MS] * 94, failures={ERROR: 6}))
    assert (six.verdict, six.observed) == (Verdict.FAIL, inf)
    assert six.detail == "6 of 100 attempts had no good answer and count as slower than any limit"


def test_dropped_attempts_are_slower_than_any_limit() -> None:
    """An attempt that was due and never started counts like a failed one."""
    judgement = judge_one(Metric.P95, NS_PER_S, make_summary([MS] * 94, dropped=6))
    assert (judgement.verdict, judgement.observed) == (Verdict.FAIL, inf)


@given(
    st.lists(st.integers(1, NS_PER_S), min_size=30, max_size=80),
    st.integers(0, 40),
    st.integers(1, NS_PER_S),
)
def test_p90_holds_when_nine_of_ten_are_within(values: list[int], failed: int, limit_ns: int) -> None:
    """Where the recorder counted at the limit, p90 <= T says exactly that 90 % of all attempts took T or less."""
    summary = make_summary(values, failures={ERROR: failed} if failed else {}, counted_limits_ns=[limit_ns])
    within = sum(value <= limit_ns for value in values)
    holds = 10 * within >= 9 * (len(values) + failed)
    judgement = judge_one(Metric.P90, limit_ns, summary)
    assert judgement.verdict is (Verdict.PASS if holds else Verdict.FAIL)
    assert judgement.observed is not None
    assert (judgement.observed <= limit_ns) is holds


@given(st.lists(st.integers(1, NS_PER_S), min_size=59, max_size=80), st.integers(1, NS_PER_S))
def test_shown_p95_is_the_judged_one(values: list[int], limit_ns: int) -> None:
    """Without failures the judged percentile is the one in the summary."""
    summary = make_summary(values)
    assert summary.latency is not None
    assert judge_one(Metric.P95, limit_ns, summary).observed == summary.latency.percentiles[95.0]


def test_mean_is_over_ok_attempts() -> None:
    """Failed attempts do not enter a mean."""
    judgement = judge_one(Metric.MEAN, MS, make_summary([MS] * 5, failures={ERROR: 5}))
    assert (judgement.verdict, judgement.samples) == (Verdict.PASS, 5)


@pytest.mark.parametrize(("failed", "verdict"), [(1, Verdict.PASS), (2, Verdict.FAIL)])  # of 100, against 1 %
def test_error_rate(failed: int, verdict: Verdict) -> None:
    """One failure in a hundred keeps an error rate of 1 %, two break it."""
    judgement = judge_one(
        Metric.ERROR_RATE, 0.01, make_summary([MS] * (100 - failed), failures={ERROR: failed})
    )
    assert (judgement.verdict, judgement.samples) == (verdict, 100)
    assert judgement.detail == ("" if verdict is Verdict.PASS else "2 of 100 attempts are bad")


def test_no_ok_attempt() -> None:
    """Without an ok attempt there is no mean, yet a p95 beyond every limit and an error rate of one."""
    summary = make_summary(failures={ERROR: 100})
    mean = judge_one(Metric.MEAN, NS_PER_S, summary)
    assert (mean.verdict, mean.reason, mean.detail) == (Verdict.UNPROVEN, Reason.NO_DATA, "no attempt was ok")
    assert judge_one(Metric.P95, NS_PER_S, summary).verdict is Verdict.FAIL
    assert judge_one(Metric.ERROR_RATE, 0.5, summary).verdict is Verdict.FAIL


def test_kind_speaks_of_each_operation() -> None:
    """A limit on a kind is judged on every operation of it."""
    ship = make_summary([9 * MS] * 5, operation=make_operation("single_order_ship"))
    confirm = make_summary([MS] * 5)
    requirement = make_requirement(Metric.MEAN, 5 * MS, subject="single_transition")
    judgements = judge_requirement(requirement, [confirm, ship], [confirm.operation, ship.operation])
    assert [(judged.operation, judged.subject, judged.verdict) for judged in judgements] == [
        ("single_order_confirm", "single_transition", Verdict.PASS),
        ("single_order_ship", "single_transition", Verdict.FAIL),
    ]


def test_operation_that_was_not_run() -> None:
    """A limit on an operation that was filtered out has no data."""
    (judgement,) = judge_requirement(make_requirement(), [], [make_operation()])
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NO_DATA)
    assert (judgement.operation, judgement.detail) == ("single_order_confirm", "the operation was not run")


def test_limit_that_names_nothing() -> None:
    """A limit that names no operation has no data, and is still listed."""
    read = make_summary([MS] * 300, operation=make_operation("order_query", kind=Kind.SIMPLE_SELECT))
    (judgement,) = judge_requirement(make_requirement(subject="order_updat"), [read], [read.operation])
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NO_DATA)
    assert (judgement.operation, judgement.subject) == (None, "order_updat")


def test_operation_that_ended_no_attempt() -> None:
    """An operation whose phase ended before any attempt did has no data, and the cause is said."""
    judgement = judge_one(Metric.MEAN, MS, make_summary(unfinished=3, cut_short="timeout of 1s"))
    assert (judgement.reason, judgement.detail) == (Reason.NO_DATA, "timeout of 1s")


@given(
    st.lists(st.integers(1, NS_PER_S), max_size=70),
    st.integers(0, 70),
    st.booleans(),
    st.sampled_from(list(Metric)),
    st.integers(1, NS_PER_S),
)
def test_pass_needs_enough_samples_within_the_limit(
    values: list[int], failed: int, saturated: bool, metric: Metric, limit: int
) -> None:
    """Whatever was measured, PASS means that a value was observed and keeps its limit, and UNPROVEN has a reason."""
    summary = make_summary(values, failures={ERROR: failed} if failed else {}, saturated=saturated)
    judgement = judge_one(metric, limit, summary)
    assert (judgement.verdict is Verdict.UNPROVEN) == (judgement.reason is not None)
    if judgement.verdict is Verdict.PASS:
        assert judgement.observed is not None
        excess = (
            judgement.limit - judgement.observed if judgement.floor else judgement.observed - judgement.limit
        )
        assert excess <= 0
