"""Requirements on the run as a whole: all its operations together."""

from __future__ import annotations

import pytest

from perfengine.model.load import ClosedLoad
from perfengine.model.operation import Kind
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Reason, Verdict
from perfengine.units import NS_PER_S
from tests.builders import make_operation, make_summary
from tests.loads import with_load
from tests.unit.judging.limits import ERROR, MS, STARVED, judge_run

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
