"""From events to what is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.engine.events import Note, OperationEnded, PhaseBegan, RunBegan
from perfengine.live.follow import Follower
from perfengine.model.load import ClosedLoad, OpenLoad, Stage
from perfengine.model.outcome import Outcome
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies, make_failure, make_operation, make_summary
from tests.entities import compile_entities, make_order
from tests.live_states import make_judgements, make_snapshot

MS = NS_PER_MS
BENCHMARK = compile_entities(
    make_order(),
    settings=LoadSettings(filters=("order_query", "single_order_ship"), duration_ns=10 * NS_PER_S),
).phases
FIRST, SECOND = BENCHMARK[0].name, BENCHMARK[1].name


def began(phase: str, number: int = 1) -> PhaseBegan:
    """Return the beginning of a part of a phase of the benchmark."""
    return PhaseBegan(phase=phase, plan=BENCHMARK[number - 1], number=number, total=2)


def test_the_target_is_known_before_its_version() -> None:
    """And both stay."""
    follower = Follower(100.0)
    follower.take(RunBegan(scenario="order", target="a server"), 100.0)
    follower.take(Note(text="not shown here"), 100.5)
    assert (follower.state(101).target, follower.state(101).server) == ("a server", "")
    follower.take(RunBegan(scenario="order", target="a server", server="18.6"), 101.0)
    follower.take(PhaseBegan(phase="prepare"), 101.0)
    state = follower.state(103.5)
    assert (state.scenario, state.server, state.load, state.rows) == ("order", "18.6", None, ())
    assert (state.clock.phase, state.clock.elapsed_s, state.clock.whole_s) == ("prepare", 2.5, 3.5)


def test_a_benchmark_keeps_what_is_done() -> None:
    """The row of an operation that is done says what it came to; causes and limits outlive their phase."""
    follower, failure = Follower(0.0), make_failure()
    follower.take(began("warm-up"), 1)
    assert [(row.operation, row.rate_per_s) for row in follower.state(1).rows] == [(FIRST, None)]
    follower.take(began("measure"), 2)
    judged = make_judgements()
    follower.take(
        make_snapshot(1, {FIRST: [MS] * 10}, ok=10, bad=1, failures={failure: 1}, judgements=judged), 3
    )
    assert follower.state(3).rows[0].bad == 1
    follower.take(began("clean up"), 4)
    summary = make_summary([2 * MS] * 20, operation=make_operation(FIRST), failures={failure: 4})
    follower.take(OperationEnded(summary=summary), 4)
    follower.take(began("warm-up", 2), 4)
    state = follower.state(4)
    assert [(row.operation, row.ok, row.bad, row.is_done) for row in state.rows] == [
        (FIRST, 20, 4, True), (SECOND, 0, 0, False)
    ]  # fmt: skip
    assert [(cause.code, cause.count) for cause in state.causes] == [("40001 retryable", 4)]
    assert state.judgements == judged
    follower.take(began("measure", 2), 5)
    follower.take(make_snapshot(1, {SECOND: [MS]}, ok=1, failures={failure: 2}), 6)
    assert [cause.count for cause in follower.state(6).causes] == [6]


def test_a_repeat_takes_the_place_of_the_one_before() -> None:
    """An operation has one row."""
    follower = Follower(0.0)
    follower.take(OperationEnded(summary=make_summary([MS], operation=make_operation(FIRST))), 1)
    follower.take(began("warm-up"), 2)
    assert [row.operation for row in follower.state(2).rows] == [FIRST]
    assert not follower.state(2).rows[0].is_done


def test_the_most_frequent_causes() -> None:
    """Three of them; those without a row to work on are none, and texts of one class stay apart."""
    counts = {
        make_failure(message="a"): 3,
        make_failure(message="b"): 9,
        make_failure(Outcome.TIMEOUT, sqlstate="57014", error_class="cancelled"): 5,
        make_failure(Outcome.ERROR, sqlstate=None, error_class="connection_lost"): 4,
        make_failure(Outcome.STARVED, sqlstate=None, error_class="starved"): 1000,
    }
    follower = Follower(0.0)
    follower.take(began("measure"), 0)
    follower.take(make_snapshot(1, {FIRST: [MS]}, ok=1, failures=counts), 1)
    assert [(cause.code, cause.count) for cause in follower.state(1).causes] == [
        ("40001 retryable", 9), ("57014 cancelled", 5), ("connection_lost", 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now_s", "elapsed_s", "left_s"),
    [(10.0, 4.0, 6.0), (10.8, 4.8, 5.2), (15.0, 5.5, 4.5)],
    ids=["told now", "a moment ago", "nothing is measured any more"],
)
def test_the_clock_is_that_of_measured_time(now_s: float, elapsed_s: float, left_s: float) -> None:
    """It goes on between two snapshots, and stands where none comes: rows are made anew."""
    follower = Follower(0.0)
    follower.take(began("measure"), 5)
    follower.take(make_snapshot(4, {FIRST: [MS]}, ok=1), 10)
    clock = follower.state(now_s).clock
    assert (clock.elapsed_s, clock.planned_s, clock.left_s) == pytest.approx((elapsed_s, 10, left_s))
    assert clock.share == pytest.approx(elapsed_s / 10)


def test_iterations_say_how_long_it_takes() -> None:
    """At the rate so far; whichever of iterations and duration ends first is told."""
    plan = replace(BENCHMARK[0], iterations=100, duration_ns=None)
    follower = Follower(0.0)
    follower.take(PhaseBegan(phase="measure", plan=plan, number=1, total=1), 0)
    assert (follower.state(0).clock.share, follower.state(0).clock.left_s) == (None, None)
    follower.take(make_snapshot(2, {FIRST: [MS]}, ok=38, bad=2), 2)
    clock = follower.state(2).clock
    assert (clock.share, clock.left_s, clock.planned_s) == (0.4, 3.0, None)
    both = replace(plan, duration_ns=4 * NS_PER_S)
    follower.take(PhaseBegan(phase="measure", plan=both, number=1, total=1), 2)
    clock = follower.state(2).clock
    assert (clock.share, clock.left_s, clock.planned_s) == (0.5, 2.0, 4.0)


def test_what_is_asked_of_an_open_load_and_of_stages() -> None:
    """A rate, the rate of now, or the users of now."""
    stages = (Stage(duration_ns=4 * NS_PER_S, target=100.0), Stage(duration_ns=4 * NS_PER_S, target=100.0))
    asked = []
    for load in (
        OpenLoad(rate_per_s=50.0),
        OpenLoad(rate_per_s=100.0, stages=stages),
        ClosedLoad(users=100, stages=stages),
        ClosedLoad(users=7),
    ):
        follower = Follower(0.0)
        plan = replace(BENCHMARK[0], load=load)
        follower.take(PhaseBegan(phase="measure", plan=plan, number=1, total=1), 0)
        follower.take(make_snapshot(1, {FIRST: [MS] * 30}, ok=30), 1)
        shown = follower.state(1).load
        assert shown is not None
        asked.append((shown.asked_per_s, shown.active, shown.clients, shown.achieved_per_s))
    assert asked == [(50.0, None, 50, 30), (25.0, None, 50, 30), (None, 25, 100, 30), (None, None, 7, 30)]


def test_a_warm_up_of_a_time_has_an_end() -> None:
    """Another is over when its attempts are."""
    follower = Follower(0.0)
    plan = replace(BENCHMARK[0], warmup_ns=4 * NS_PER_S)
    follower.take(PhaseBegan(phase="warm-up", plan=plan, number=1, total=1), 10)
    clock = follower.state(11).clock
    assert (clock.share, clock.left_s) == (0.25, 3)
    follower.take(began("warm-up"), 12)
    assert follower.state(13).clock.share is None


def test_pairs_of_a_comparison_have_no_figures() -> None:
    """Two arms take turns: their slices are compared, not shown; what is compared is."""
    follower = Follower(0.0)
    follower.take(RunBegan(scenario="order", target="a and b"), 0)
    follower.take(PhaseBegan(phase="pairs", plan=BENCHMARK[0], number=1, total=3), 1)
    state = follower.state(4)
    assert [(row.operation, row.rate_per_s) for row in state.rows] == [(FIRST, None)]
    assert (state.clock.phase, state.clock.total, state.clock.elapsed_s, state.clock.share) == (
        "pairs",
        3,
        3,
        None,
    )


def test_only_an_open_load_is_late() -> None:
    """Attempts of users who loop are due when they begin."""
    late = []
    for load in (OpenLoad(rate_per_s=50.0), ClosedLoad(users=7)):
        follower = Follower(0.0)
        plan = replace(BENCHMARK[0], load=load)
        follower.take(PhaseBegan(phase="measure", plan=plan, number=1, total=1), 0)
        snapshot = make_snapshot(1, {FIRST: [MS]}, ok=1)
        follower.take(replace(snapshot, lateness=count_latencies([MS])), 1)
        seen = follower.state(1).generator
        assert seen is not None
        late.append(seen.lateness_p99_ns)
    assert late == [MS, None]


def test_two_may_share_one() -> None:
    """Both hand in every event that they are told; it counts once, and both are shown the same."""
    follower = Follower(0.0)
    for event in (began("warm-up"), began("measure")):
        follower.take(event, 1)
        follower.take(event, 1)
    for number in (1, 2):
        snapshot = make_snapshot(number, {FIRST: [MS] * 10}, ok=10 * number)
        follower.take(snapshot, 1 + number)
        follower.take(snapshot, 1 + number)
    assert follower.state(3).rows == follower.state(3.1).rows
    assert (follower.state(3).rows[0].ok, follower.state(3).rows[0].rate_per_s) == (20, 10)
