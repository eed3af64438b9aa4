"""Service levels: proven, violated, or not enough attempts to say."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.errors import InternalError
from perfengine.judging.service_levels import judge_service_level
from perfengine.model.measurement import GeneratorState
from perfengine.model.outcome import Outcome
from perfengine.model.verdict import Judgement, Reason, Verdict
from perfengine.units import NS_PER_MS
from tests.builders import (
    count_latencies,
    make_failure,
    make_operation,
    make_service_level,
    make_summary,
)
from tests.loads import with_measured

if TYPE_CHECKING:
    from perfengine.model.requirement import ServiceLevel
    from perfengine.model.summary import OperationSummary

ERROR = make_failure(Outcome.ERROR)
STARVED = make_failure(Outcome.STARVED)
MS = NS_PER_MS
T = 200 * MS


def judge_one(level: ServiceLevel, summary: OperationSummary) -> Judgement:
    """Return the judgement of the one promise of a service level on one operation."""
    (judgement,) = judge_service_level(level, [summary], [summary.operation])
    return judgement


def make_run(ok: int, failed: int = 0) -> OperationSummary:
    """Return an operation with so many fast and so many failed attempts."""
    return make_summary([MS] * ok, failures={ERROR: failed} if failed else {}, counted_limits_ns=[T])


@pytest.mark.parametrize(
    ("ok", "failed", "verdict"),
    [
        (2995, 0, Verdict.PASS),
        (2994, 0, Verdict.UNPROVEN),
        (4741, 1, Verdict.PASS),  # 4742 attempts, one of them bad
        (4740, 1, Verdict.UNPROVEN),
        (999, 1, Verdict.UNPROVEN),  # exactly at the budget: nobody can say
        (200, 2, Verdict.FAIL),
        (0, 100, Verdict.FAIL),
    ],
)
def test_availability_of_three_nines(ok: int, failed: int, verdict: Verdict) -> None:
    """Three nines take 2995 clean attempts to prove, and few bad ones to refute."""
    judgement = judge_one(make_service_level(availability="0.999"), make_run(ok, failed))
    assert judgement.verdict is verdict
    assert (judgement.metric, judgement.limit, judgement.floor) == ("availability", 0.999, True)
    assert judgement.observed == pytest.approx(ok / (ok + failed))
    assert judgement.samples == ok + failed


def test_what_is_missing() -> None:
    """An open promise says how many attempts would prove it."""
    clean = judge_one(make_service_level(availability="0.999"), make_run(100))
    assert (clean.reason, clean.detail) == (
        Reason.TOO_FEW_SAMPLES,
        "needs 2995 attempts with 0 bad, has 100",
    )
    bad = judge_one(make_service_level(error_budget="0.001"), make_run(9995, 5))
    assert bad.detail == "needs 10511 attempts with 5 bad, has 10000"
    slow = judge_one(make_service_level(response_time_p95_ns=T), make_run(58))
    assert slow.detail == "needs 59 attempts with 0 slow or failed, has 58"


def test_bounds_are_of_the_bad_share() -> None:
    """The bounds speak of the share of bad attempts, whichever way the promise is put."""
    judgement = judge_one(make_service_level(availability="0.999"), make_run(100))
    assert judgement.lower == 0
    assert judgement.upper == pytest.approx(1 - 0.05 ** (1 / 100))


def test_a_promise_without_any_failure_cannot_be_proven() -> None:
    """An availability of one stays open while nothing fails, and fails with the first failure."""
    level = make_service_level(availability="1")
    assert judge_one(level, make_run(100_000)).detail == "no number of attempts can prove that none is bad"
    assert judge_one(level, make_run(99_999, 1)).verdict is Verdict.FAIL


def test_error_budget() -> None:
    """A budget of 0.1 % fails at 2 %, is open at 0.2 % of few, and holds at 0.05 % of many attempts."""
    level = make_service_level(error_budget="0.001")
    failed = judge_one(level, make_run(980, 20))
    assert (failed.verdict, failed.observed, failed.detail) == (
        Verdict.FAIL,
        0.02,
        "20 of 1000 attempts are bad",
    )
    assert judge_one(level, make_run(499, 1)).verdict is Verdict.UNPROVEN
    assert judge_one(level, make_run(99_950, 50)).verdict is Verdict.PASS


def test_dropped_attempts_were_not_available() -> None:
    """An attempt that was due and never started counts against availability, and not against the error budget."""
    summary = make_summary([MS] * 3000, dropped=60)
    level = make_service_level(availability="0.999", error_budget="0.001")
    availability, budget = judge_service_level(level, [summary], [summary.operation])
    assert (availability.verdict, availability.samples) == (Verdict.FAIL, 3060)
    assert (budget.verdict, budget.samples) == (Verdict.PASS, 3000)


def test_unfinished_attempts_count_for_nothing() -> None:
    """An attempt that was cut off at the end was neither good nor bad."""
    judgement = judge_one(make_service_level(availability="0.9"), make_summary([MS] * 100, unfinished=50))
    assert (judgement.verdict, judgement.samples) == (Verdict.PASS, 100)


@pytest.mark.parametrize(
    ("slow", "failed", "verdict"),
    [(0, 0, Verdict.PASS), (20, 5, Verdict.PASS), (50, 0, Verdict.UNPROVEN), (40, 40, Verdict.FAIL)],
)
def test_response_time(slow: int, failed: int, verdict: Verdict) -> None:
    """Of a thousand attempts 5 % may be slower than the limit; a failed one is."""
    values = [MS] * (1000 - slow - failed) + [T + 1] * slow
    summary = make_summary(values, failures={ERROR: failed} if failed else {}, counted_limits_ns=[T])
    judgement = judge_one(make_service_level(response_time_p95_ns=T), summary)
    assert judgement.verdict is verdict
    assert (judgement.metric, judgement.limit, judgement.samples) == ("response_time_p95", T, 1000)


def test_response_time_at_the_limit() -> None:
    """An attempt that took exactly the limit is not slower, and the p95 shown is the limit."""
    judgement = judge_one(
        make_service_level(response_time_p95_ns=T),
        make_summary([T] * 999 + [T + 100 * MS], counted_limits_ns=[T]),
    )
    assert (judgement.verdict, judgement.observed) == (Verdict.PASS, T)


def test_response_time_among_failures() -> None:
    """Where more than 5 % failed, no response time is large enough."""
    judgement = judge_one(make_service_level(response_time_p95_ns=T), make_run(500, 500))
    assert (judgement.verdict, judgement.observed) == (Verdict.FAIL, inf)
    assert judgement.detail == "500 of 1000 attempts had no good answer and count as slower than any limit"


def test_response_time_that_was_not_counted() -> None:
    """A limit that the recorder was not told of is our own mistake, not a guess."""
    with pytest.raises(
        InternalError, match="single_order_confirm: attempts slower than 200000000 ns were not"
    ):
        judge_one(make_service_level(response_time_p95_ns=T), make_summary([MS] * 100))


# --- doubts ------------------------------------------------------------------------------------------------------


def test_starved() -> None:
    """A starved attempt leaves the promise open."""
    summary = make_summary([MS] * 5000, failures={STARVED: 1})
    judgement = judge_one(make_service_level(availability="0.9"), summary)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.STARVED)


def test_cut_short() -> None:
    """A phase cut short proves no promise, and can still break one."""
    level = make_service_level(availability="0.99")
    held = make_summary([MS] * 5000, cut_short="timeout of 30s")
    assert judge_one(level, held).reason is Reason.CUT_SHORT
    broken = make_summary([MS] * 50, failures={ERROR: 50}, cut_short="timeout of 30s")
    assert judge_one(level, broken).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("delay_ms", "verdict"), [(49, Verdict.FAIL), (51, Verdict.UNPROVEN)]
)  # the p95 is 250 ms against 200
def test_saturated(delay_ms: int, verdict: Verdict) -> None:
    """A p95 over its limit by no more than the generator's own delay is open."""
    summary = make_summary(
        [250 * MS] * 100, counted_limits_ns=[T], saturated=True, delay_ns={95.0: delay_ms * MS}
    )
    judgement = judge_one(make_service_level(response_time_p95_ns=T), summary)
    assert judgement.verdict is verdict
    assert (judgement.reason is Reason.GENERATOR_SATURATED) == (verdict is Verdict.UNPROVEN)


def test_saturated_and_held() -> None:
    """A p95 that holds in spite of a saturated generator stands with a caution; availability needs none."""
    summary = make_summary([MS] * 3000, counted_limits_ns=[T], saturated=True)
    level = make_service_level(response_time_p95_ns=T, availability="0.999")
    judgements = judge_service_level(level, [summary], [summary.operation])
    assert [(judged.verdict, judged.caution) for judged in judgements] == [
        (Verdict.PASS, ""),
        (Verdict.PASS, "generator saturated"),
    ]


def test_saturated_and_failing() -> None:
    """A saturated generator explains no failed attempt."""
    summary = make_summary([MS] * 50, failures={ERROR: 50}, saturated=True)
    assert judge_one(make_service_level(availability="0.99"), summary).verdict is Verdict.FAIL


def test_saturated_and_dropped() -> None:
    """Attempts that a busy generator may have dropped itself leave the availability open."""
    level = make_service_level(availability="0.99")
    busy = make_summary([MS] * 900, dropped=100, saturated=True)
    judgement = judge_one(level, busy)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.GENERATOR_SATURATED)
    assert judgement.detail == "100 of 1000 attempts were dropped, as a busy generator drops them too"
    failing = make_summary([MS] * 800, failures={ERROR: 100}, dropped=100, saturated=True)
    assert judge_one(level, failing).verdict is Verdict.FAIL
    idle = make_summary([MS] * 900, dropped=100)
    assert judge_one(level, idle).verdict is Verdict.FAIL


def test_late_beside_the_limit() -> None:
    """A response time that a late generator may have moved past its limit is open."""
    late = GeneratorState(start_delay=count_latencies([11 * MS] * 100))
    summary = make_summary([T + 10 * MS] * 100, counted_limits_ns=[T], delay_ns={95.0: 11 * MS})
    level = make_service_level(response_time_p95_ns=T)
    assert judge_one(level, with_measured(summary, generator=late)).reason is Reason.GENERATOR_SATURATED
    assert judge_one(level, summary).verdict is Verdict.FAIL


# --- what service levels name ------------------------------------------------------------------------------------


def test_not_run_and_unknown() -> None:
    """A promise about an operation that was not run, or is none, has no data; each part is listed."""
    level = make_service_level(availability="0.999", response_time_p95_ns=T, error_budget="0.001")
    not_run = judge_service_level(level, [], [make_operation()])
    assert [judged.metric for judged in not_run] == ["availability", "response_time_p95", "error_budget"]
    unknown = judge_service_level(
        make_service_level("order_craete", availability="0.999"), [], [make_operation()]
    )
    assert {judged.reason for judged in (*not_run, *unknown)} == {Reason.NO_DATA}
    assert [judged.detail for judged in unknown] == ["no operation, alias or kind is called that"]


def test_empty_service_level() -> None:
    """An entry without a promise judges nothing."""
    assert judge_service_level(make_service_level(), [make_run(10)], [make_operation()]) == ()


@settings(deadline=None)  # the first call imports scipy.special
@given(st.integers(0, 300), st.integers(0, 300), st.sampled_from(("0.5", "0.9", "0.99")))
def test_a_verdict_never_contradicts_what_was_seen(ok: int, failed: int, availability: str) -> None:
    """What passes kept its promise in this run, what fails broke it."""
    if ok + failed:
        judgement = judge_one(make_service_level(availability=availability), make_run(ok, failed))
        kept = ok >= float(availability) * (ok + failed)
        assert judgement.verdict is not (Verdict.FAIL if kept else Verdict.PASS)
