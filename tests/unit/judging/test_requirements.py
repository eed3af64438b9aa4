"""Requirements against what was measured: what passes, what fails, and what stays open."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.judging.requirements import judge_requirement
from perfengine.model.load import ClosedLoad
from perfengine.model.measurement import GeneratorState
from perfengine.model.operation import Kind
from perfengine.model.outcome import Outcome
from perfengine.model.requirement import Metric
from perfengine.model.summary import OperationSummary, RowCounts
from perfengine.model.verdict import Judgement, Reason, Verdict
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies, make_failure, make_operation, make_requirement, make_summary
from tests.loads import with_load, with_measured

REFUSED = make_failure(Outcome.REFUSED)
ERROR = make_failure(Outcome.ERROR)
TIMEOUT = make_failure(Outcome.TIMEOUT)
STARVED = make_failure(Outcome.STARVED)
MS = NS_PER_MS


def judge_one(metric: Metric, limit: float, summary: OperationSummary) -> Judgement:
    """Return the judgement of one limit on one operation."""
    requirement = make_requirement(metric, limit, subject=summary.operation.name)
    (judgement,) = judge_requirement(requirement, [summary], [summary.operation])
    return judgement


def judge_run(metric: Metric, limit: float, *summaries: OperationSummary) -> Judgement:
    """Return the judgement of a limit on the whole run."""
    requirement = make_requirement(metric, limit, subject=None)
    (judgement,) = judge_requirement(requirement, summaries, [summary.operation for summary in summaries])
    return judgement


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


# --- doubts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [NS_PER_S, 1])
def test_starved(limit: int) -> None:
    """A starved attempt leaves every limit of its operation open, held or violated."""
    judgement = judge_one(Metric.MEAN, limit, make_summary([MS] * 9, failures={STARVED: 1}))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.STARVED)
    assert judgement.detail == "no row to work on in 1 of 10 attempts"


def test_effect_not_confirmed() -> None:
    """A limit stays open when the rows do not show what the ok attempts claim."""
    rows = RowCounts(at_start=100, expected=10, found=8, unexpected=1)
    judgement = judge_one(Metric.MEAN, NS_PER_S, make_summary([MS] * 10, rows=rows))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_CONFIRMED)
    assert judgement.detail == "8 rows show the effect, 10 should, 1 of others do too"


def test_effect_confirmed() -> None:
    """Rows that show the effect of every ok attempt stand in no way."""
    rows = RowCounts(at_start=100, expected=10, found=10)
    assert judge_one(Metric.MEAN, NS_PER_S, make_summary([MS] * 10, rows=rows)).verdict is Verdict.PASS


def test_cut_short() -> None:
    """A phase cut short proves no limit, and can still violate one."""
    summary = make_summary([MS] * 10, cut_short="timeout of 30s")
    held = judge_one(Metric.MEAN, NS_PER_S, summary)
    assert (held.verdict, held.reason, held.detail) == (Verdict.UNPROVEN, Reason.CUT_SHORT, "timeout of 30s")
    assert judge_one(Metric.MEAN, 1, summary).verdict is Verdict.FAIL


def test_cut_short_explains_missing_samples() -> None:
    """Where samples are missing because the phase was cut short, both are said."""
    judgement = judge_one(Metric.P95, NS_PER_S, make_summary([MS] * 10, cut_short="timeout of 30s"))
    assert judgement.reason is Reason.TOO_FEW_SAMPLES
    assert judgement.detail == "needs 59 samples, has 10; timeout of 30s"


# --- a saturated generator ---------------------------------------------------------------------------------------

SLOW = make_summary([10 * MS] * 60, saturated=True, delay_ns={50.0: MS, 95.0: 3 * MS, 99.9: 9 * MS})


@pytest.mark.parametrize(
    ("metric", "limit_ms", "verdict"),
    [
        (Metric.MEAN, 10, Verdict.PASS),
        (Metric.MEAN, 9, Verdict.UNPROVEN),  # over by as much as the median delay
        (Metric.MEAN, 8, Verdict.FAIL),
        (Metric.P95, 7, Verdict.UNPROVEN),
        (Metric.P95, 6, Verdict.FAIL),
        (Metric.MIN, 8, Verdict.FAIL),
        (Metric.MAX, 1, Verdict.UNPROVEN),
    ],
)
def test_saturated_latency(metric: Metric, limit_ms: int, verdict: Verdict) -> None:
    """A violation no larger than the generator's own delay at that percentile is not held against the database."""
    judgement = judge_one(metric, limit_ms * MS, SLOW)
    assert judgement.verdict is verdict
    assert judgement.caution == ("generator saturated" if verdict is Verdict.PASS else "")
    assert judgement.reason is (Reason.GENERATOR_SATURATED if verdict is Verdict.UNPROVEN else None)


def late_by(delay_ns: int, summary: OperationSummary) -> OperationSummary:
    """Return the summary of a generator whose idle clients began two of a hundred attempts late."""
    late = count_latencies([0] * 98 + [delay_ns] * 2)
    return with_measured(summary, generator=GeneratorState(start_delay=late))


@pytest.mark.parametrize(
    ("limit_ms", "late_ms", "verdict", "caution"),
    [
        (20, 1, Verdict.PASS, ""),  # a twentieth of the limit, and not more
        (20, 2, Verdict.PASS, "generator saturated"),
        (9, 1, Verdict.UNPROVEN, ""),  # over by 1 ms, the delay is 1 ms
        (8, 1, Verdict.FAIL, ""),
        (9, 0, Verdict.FAIL, ""),
    ],
)
def test_late_beside_the_limit(limit_ms: int, late_ms: int, verdict: Verdict, caution: str) -> None:
    """A generator that begins attempts late by more than a twentieth of a latency limit cannot judge it alone."""
    summary = make_summary([10 * MS] * 300, delay_ns={99.0: late_ms * MS})
    judgement = judge_one(Metric.P99, limit_ms * MS, late_by(late_ms * MS, summary))
    assert (judgement.verdict, judgement.caution) == (verdict, caution)


def test_late_is_said_of_latencies_only() -> None:
    """How late attempts begin says nothing about a rate or a share of failures."""
    summary = late_by(NS_PER_S, make_summary([MS] * 50, failures={ERROR: 50}))
    assert judge_one(Metric.THROUGHPUT, 51.0, summary).verdict is Verdict.FAIL
    assert judge_one(Metric.ERROR_RATE, 0.1, summary).verdict is Verdict.FAIL


def test_saturated_and_dropped() -> None:
    """What a busy generator dropped is not held against the database, unless it is too slow without."""
    summary = make_summary([10 * MS] * 90, dropped=10, saturated=True, delay_ns={95.0: MS})
    open_ = judge_one(Metric.P95, 10 * MS, summary)
    assert (open_.verdict, open_.reason) == (Verdict.UNPROVEN, Reason.GENERATOR_SATURATED)
    assert open_.detail == "10 of 100 attempts were dropped, as a busy generator drops them too"
    assert judge_one(Metric.P95, 9 * MS, summary).verdict is Verdict.UNPROVEN
    assert judge_one(Metric.P95, 8 * MS, summary).verdict is Verdict.FAIL
    assert judge_one(Metric.P95, 10 * MS, make_summary([MS] * 90, dropped=10)).verdict is Verdict.FAIL


def test_saturated_detail() -> None:
    """The judgement names the violation and the delay that may explain it."""
    assert (
        judge_one(Metric.P95, 8 * MS, SLOW).detail == "over by 0.0020s, the generator's own delay is 0.0030s"
    )


def test_saturated_rate() -> None:
    """A rate that a saturated generator missed is open; one that it reached stands."""
    missed = judge_one(Metric.THROUGHPUT, 61.0, SLOW)
    assert (missed.verdict, missed.reason) == (Verdict.UNPROVEN, Reason.GENERATOR_SATURATED)
    reached = judge_one(Metric.THROUGHPUT, 60.0, SLOW)
    assert (reached.verdict, reached.caution) == (Verdict.PASS, "")


def test_saturated_failures() -> None:
    """A saturated generator explains no failed attempt."""
    summary = make_summary([MS] * 50, failures={ERROR: 50}, saturated=True, delay_ns={95.0: NS_PER_S})
    assert judge_one(Metric.ERROR_RATE, 0.1, summary).verdict is Verdict.FAIL
    assert judge_one(Metric.P95, MS, summary).verdict is Verdict.FAIL


# --- the whole run -----------------------------------------------------------------------------------------------

READ = with_load(
    make_summary(
        [MS] * 300,
        operation=make_operation("order_query", kind=Kind.SIMPLE_SELECT),
        measured_ns=NS_PER_S,
    ),
    ClosedLoad(users=50),
)
WRITE = with_load(make_summary([MS] * 90, failures={ERROR: 10}, concurrency=10, measured_ns=2 * NS_PER_S))


@pytest.mark.parametrize(
    ("metric", "limit", "verdict", "observed"),
    [
        (Metric.THROUGHPUT, 130.0, Verdict.PASS, 130.0),  # 390 ok in 3 s
        (Metric.THROUGHPUT, 131.0, Verdict.FAIL, 130.0),
        (Metric.ERROR_RATE, 0.025, Verdict.PASS, 0.025),
        (Metric.ERROR_RATE, 0.024, Verdict.FAIL, 0.025),
        (Metric.CONCURRENT_USERS, 50, Verdict.PASS, 50),
        (Metric.CONNECTIONS, 50, Verdict.PASS, 50),
        (Metric.CONNECTIONS, 49, Verdict.FAIL, 50),
    ],
)
def test_whole_run(metric: Metric, limit: float, verdict: Verdict, observed: float) -> None:
    """Limits without a subject are judged over all operations together."""
    judgement = judge_run(metric, limit, READ, WRITE)
    assert (judgement.operation, judgement.subject) == (None, "run")
    assert (judgement.verdict, judgement.observed) == (verdict, observed)


def test_shared_connections_are_not_clients() -> None:
    """Clients and the connections that they share are counted apart."""
    shared = with_load(READ, ClosedLoad(users=1000), connections=90)
    assert judge_run(Metric.CONCURRENT_USERS, 1000, shared, WRITE).observed == 1000
    connections = judge_run(Metric.CONNECTIONS, 100, shared, WRITE)
    assert (connections.verdict, connections.observed) == (Verdict.PASS, 90)


def test_operations_of_a_mix_ran_side_by_side() -> None:
    """The measured time of a mix counts once, however many operations it has."""
    reads, writes = (with_load(one, ClosedLoad(users=50), phase="mix") for one in (READ, WRITE))
    assert judge_run(Metric.THROUGHPUT, 195.0, reads, writes).observed == 195.0  # 390 ok in 2 s
    other = make_summary([MS] * 10, operation=make_operation("other"), measured_ns=2 * NS_PER_S)
    assert judge_run(Metric.THROUGHPUT, 100.0, reads, writes, other).observed == 100.0


def test_too_few_users_is_not_a_failure_of_the_database() -> None:
    """A run with fewer clients than asked for shows nothing about more of them."""
    judgement = judge_run(Metric.CONCURRENT_USERS, 1000, READ)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)
    assert (judgement.observed, judgement.detail) == (50, "ask for it with --concurrency 1000")


def test_users_whose_attempts_all_failed() -> None:
    """Clients that never got a good answer were not served."""
    judgement = judge_run(Metric.CONCURRENT_USERS, 10, make_summary(failures={ERROR: 9}, concurrency=10))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NO_DATA)


@pytest.mark.parametrize("metric", [Metric.MEMORY_PER_REQUEST, Metric.CPU_PER_REQUEST])
def test_what_a_client_cannot_see(metric: Metric) -> None:
    """What an attempt costs the server is not measured, and never passes."""
    judgement = judge_run(metric, 10_000_000, READ)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)
    assert judgement.detail == "a client does not see what an attempt costs the server"


def test_latency_of_the_whole_run() -> None:
    """A latency limit that names no operation is open: different operations are not one distribution."""
    judgement = judge_run(Metric.P95, NS_PER_S, READ, WRITE)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)


def test_a_starved_operation_opens_limits_on_the_run() -> None:
    """A rate over all operations is open when one of them starved."""
    starving = make_summary([MS] * 9, failures={STARVED: 1}, operation=make_operation("other"))
    judgement = judge_run(Metric.THROUGHPUT, 1.0, READ, starving)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.STARVED)


# --- what limits name --------------------------------------------------------------------------------------------


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
    (judgement,) = judge_requirement(make_requirement(subject="order_updat"), [READ], [READ.operation])
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
