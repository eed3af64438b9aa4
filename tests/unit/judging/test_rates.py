"""Floors on a rate: what the database did not reach, and what nobody asked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.judging.rates import measured_ns, why_out_of_reach
from perfengine.judging.requirements import judge_requirement
from perfengine.model.load import Arrival, ClosedLoad, OpenLoad, Spread, Stage, ThinkTime
from perfengine.model.outcome import Outcome
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Judgement, Reason, Verdict
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_failure, make_operation, make_requirement, make_summary
from tests.loads import with_load

if TYPE_CHECKING:
    from perfengine.model.summary import OperationSummary

MS = NS_PER_MS
ERROR = make_failure(Outcome.ERROR)
RATE = OpenLoad(rate_per_s=500.0)


def make_open(
    ok: int, *, dropped: int = 0, measured_s: float = 10, load: OpenLoad = RATE, asked_s: int | None = 10
) -> OperationSummary:
    """Return an operation of an open load that was asked for ten seconds."""
    summary = make_summary([MS] * ok, dropped=dropped, measured_ns=round(measured_s * NS_PER_S))
    duration_ns = None if asked_s is None else asked_s * NS_PER_S
    summary = replace(summary, requested_iterations=None, requested_duration_ns=duration_ns)
    return with_load(summary, load)


def judge_floor(floor: float, *operations: OperationSummary, subject: str | None = None) -> Judgement:
    """Return the judgement of a floor on the rate."""
    requirement = make_requirement(Metric.THROUGHPUT, floor, subject=subject)
    (judgement,) = judge_requirement(requirement, operations, [one.operation for one in operations])
    return judgement


def test_a_rate_below_the_floor_was_asked() -> None:
    """A load that asks for less than the floor shows nothing about it, and the remedy is named."""
    judgement = judge_floor(800.0, make_open(5000))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)
    assert judgement.detail == "the load asked for 500.0/s; ask for it with --rate 800"
    assert judgement.observed == 500.0


def test_a_database_that_fell_behind_a_lower_rate() -> None:
    """Whoever cannot keep up with 500 a second, dropping attempts or late with them, does not reach 800."""
    assert judge_floor(800.0, make_open(2500, dropped=2500)).verdict is Verdict.FAIL
    assert judge_floor(800.0, make_open(5000, measured_s=20)).verdict is Verdict.FAIL


def test_dropped_attempts_are_missing_from_the_rate() -> None:
    """Where as much as the floor was asked and attempts were dropped, the database missed it."""
    assert judge_floor(500.0, make_open(4900, dropped=100)).verdict is Verdict.FAIL


def test_a_backlog_is_no_lack_of_demand() -> None:
    """Everything was ok in the end, in twice the time: the floor was missed."""
    assert judge_floor(500.0, make_open(5000, measured_s=20)).verdict is Verdict.FAIL


def test_the_ends_of_a_run() -> None:
    """The last attempt ends after the last one was due: at the floor itself that decides nothing."""
    judgement = judge_floor(500.0, make_open(5000, measured_s=10.005))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)
    assert judgement.detail == "all that was due was ok; ask for a little more than --rate 500"
    assert judge_floor(500.0, make_open(5000, measured_s=10)).verdict is Verdict.PASS


def test_chance_made_too_little_due() -> None:
    """Random arrivals that came to less than the floor are not held against the database."""
    load = OpenLoad(rate_per_s=500.0, arrival=Arrival.POISSON)
    judgement = judge_floor(500.0, make_open(4930, load=load))
    assert judgement.detail == "the load asked for 493.0/s; ask for a little more than --rate 500"
    assert judge_floor(500.0, make_open(4930, load=load, asked_s=None)).verdict is Verdict.FAIL


def test_stages_are_asked_on_average() -> None:
    """A load that rises to 600 and stays there asks for 450 a second of ten seconds."""
    stages = (
        Stage(duration_ns=5 * NS_PER_S, target=600.0),
        Stage(duration_ns=5 * NS_PER_S, target=600.0),
        Stage(duration_ns=0, target=0.0),
    )
    judgement = judge_floor(460.0, make_open(4500, load=OpenLoad(rate_per_s=0, stages=stages)))
    assert judgement.detail == "the load asked for 450.0/s; ask for more in the stages"
    assert (
        judge_floor(450.0, make_open(4500, load=OpenLoad(rate_per_s=0, stages=stages))).verdict
        is Verdict.PASS
    )


def test_a_rate_of_several_phases() -> None:
    """What was asked of a whole run is what was asked in all of its time."""
    slow = replace(make_open(1000, load=OpenLoad(rate_per_s=100.0)), phase="other")
    slow = replace(slow, operation=make_operation("other"))
    judgement = judge_floor(400.0, make_open(5000), slow)
    assert judgement.detail == "the load asked for 300.0/s; ask for it with --rate 400"


def test_an_operation_of_a_mix_has_its_share_of_the_rate() -> None:
    """Three quarters of 500 a second cannot be 400."""
    read = replace(make_open(3750), phase="mix", weight=3.0)
    write = replace(make_open(1250), phase="mix", weight=1.0, operation=make_operation("other"))
    judgement = judge_floor(400.0, read, write, subject="single_order_confirm")
    assert judgement.detail == "the load asked for 375.0/s; ask for it with --rate 400"
    assert judge_floor(400.0, read, write).verdict is Verdict.PASS


# --- closed loads ------------------------------------------------------------------------------------------------


def make_closed(ok: int, think: ThinkTime | None) -> OperationSummary:
    """Return an operation of ten users in ten seconds."""
    summary = make_summary([MS] * ok, measured_ns=10 * NS_PER_S)
    return with_load(summary, ClosedLoad(users=10, think=think))


@pytest.mark.parametrize(
    "think",
    [
        ThinkTime(spread=Spread.CONSTANT, mean_ns=NS_PER_S),
        ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=NS_PER_S),
        ThinkTime(spread=Spread.UNIFORM, mean_ns=0, low_ns=500 * MS, high_ns=1500 * MS),
    ],
)
def test_users_who_think(think: ThinkTime) -> None:
    """Ten users who think for a second send ten attempts a second at most, however fast the database is."""
    judgement = judge_floor(11.0, make_closed(95, think))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_MEASURED)
    assert judgement.detail == (
        "clients who think so long send at most 10.0/s; ask for more clients with --concurrency,"
        " or let them think less"
    )
    assert judge_floor(10.0, make_closed(95, think)).verdict is Verdict.FAIL


def test_users_who_do_not_think() -> None:
    """They ask for all that the database gives: a missed floor is missed."""
    assert judge_floor(11.0, make_closed(95, None)).verdict is Verdict.FAIL


# --- whatever was measured ---------------------------------------------------------------------------------------


@given(
    ok=st.integers(5, 3000),
    dropped=st.integers(0, 300),
    failed=st.integers(0, 300),
    measured_s=st.floats(0.5, 30),
    rate=st.floats(1, 2000),
    floor=st.floats(1, 2000),
)
def test_a_reason_speaks_of_missed_floors_that_were_not_asked(
    ok: int, dropped: int, failed: int, measured_s: float, rate: float, floor: float
) -> None:
    """A floor is only left open when it was missed, and asked for by less than the floor or answered in full."""
    summary = make_summary(
        [MS] * ok,
        failures={ERROR: failed} if failed else {},
        dropped=dropped,
        measured_ns=round(measured_s * NS_PER_S),
    )
    summary = with_load(summary, OpenLoad(rate_per_s=rate))
    judgement = judge_floor(floor, summary)
    assert judgement.observed is not None
    if judgement.observed >= floor:
        assert judgement.verdict is Verdict.PASS
    elif judgement.verdict is Verdict.UNPROVEN:
        assert rate < floor or summary.ok == summary.due
    else:
        assert why_out_of_reach(floor, judgement.observed, [summary], [summary]) is None


def test_time_of_no_operation() -> None:
    """Nothing took no time."""
    assert measured_ns([]) == 0
