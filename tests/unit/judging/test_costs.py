"""What an attempt costs the server: judged where the server was watched, and open where it was not."""

from __future__ import annotations

import pytest

from perfengine.judging.judge import judge
from perfengine.model.load import ClosedLoad
from perfengine.model.requirement import Metric
from perfengine.model.series import Watched
from perfengine.model.verdict import Judgement, Reason, Verdict
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_operation, make_requirement, make_summary
from tests.loads import with_load

MS = NS_PER_MS
READ = with_load(
    make_summary([MS] * 4000, operation=make_operation("order_query"), measured_ns=2 * NS_PER_S),
    ClosedLoad(users=40),
    connections=20,
)
WRITE = with_load(make_summary([MS] * 1000, measured_ns=3 * NS_PER_S), ClosedLoad(users=5))
CPU = Watched(metric="cpu_usage", unit="CPUs", source="/proc", mean=1.5, maximum=2.0, samples=5)
MEMORY = Watched(metric="memory_usage", unit="B", source="/proc", mean=5e7, maximum=1e8, samples=5)
OWN = Watched(metric="cpu_usage", unit="CPUs", source="client", mean=0.1, maximum=0.1, samples=5)
FAR = Watched(metric="cpu_usage", unit="CPUs", source="/proc", reason="the server is on another machine")


def judge_cost(metric: Metric, limit: float, *watched: Watched, subject: str | None = None) -> Judgement:
    """Return the judgement of one limit on both operations."""
    requirement = make_requirement(metric, limit, subject=subject)
    available = [READ.operation, WRITE.operation]
    (judgement,) = judge([requirement], [], [READ, WRITE], available, watched=watched)
    return judgement


@pytest.mark.parametrize(("limit", "verdict"), [(1_500_000, Verdict.PASS), (1_499_999, Verdict.FAIL)])
def test_cpu_per_request(limit: int, verdict: Verdict) -> None:
    """One and a half processors for five seconds over 5000 attempts are 1.5 ms each, of the server alone."""
    judgement = judge_cost(Metric.CPU_PER_REQUEST, limit, OWN, CPU)
    assert (judgement.verdict, judgement.observed, judgement.samples) == (verdict, 1_500_000, 5)


def test_memory_per_request() -> None:
    """At most 100 MB over 20 connections are at most 5 MB each: a bound that can hold, and shows no violation."""
    held = judge_cost(Metric.MEMORY_PER_REQUEST, 5_000_000, MEMORY)
    assert (held.verdict, held.observed) == (Verdict.PASS, 5_000_000)
    beyond = judge_cost(Metric.MEMORY_PER_REQUEST, 4_999_999, MEMORY)
    assert (beyond.verdict, beyond.reason, beyond.observed) == (
        Verdict.UNPROVEN,
        Reason.NOT_MEASURED,
        5_000_000,
    )
    assert beyond.detail == "it is no more than that, for memory that all connections share is in it"


@pytest.mark.parametrize(
    ("watched", "detail"),
    [
        ((), "a client does not see what an attempt costs the server"),
        ((OWN, MEMORY), "a client does not see what an attempt costs the server"),
        ((OWN, FAR), "the server is on another machine"),
    ],
)
def test_not_watched(watched: tuple[Watched, ...], detail: str) -> None:
    """What was not watched is not measured, with the reason there is."""
    judgement = judge_cost(Metric.CPU_PER_REQUEST, NS_PER_S, *watched)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)
    assert (judgement.detail, judgement.observed) == (detail, None)


def test_too_few_samples() -> None:
    """A run that was watched for four seconds proves no cost."""
    short = Watched(metric="cpu_usage", unit="CPUs", source="/proc", mean=1.0, maximum=1.0, samples=4)
    assert judge_cost(Metric.CPU_PER_REQUEST, NS_PER_S, short).reason is Reason.TOO_FEW_SAMPLES


def test_one_operation_of_several() -> None:
    """What the server used over a run cannot be told apart by operation."""
    judgement = judge_cost(Metric.CPU_PER_REQUEST, NS_PER_S, CPU, subject="order_query")
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)
    assert judgement.detail == "the server was watched over all operations of the run, name none"
