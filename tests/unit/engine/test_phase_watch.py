"""What the parent makes of intervals: progress, and a reason to stop."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.events import Detail, IntervalTold
from perfengine.engine.phase_watch import LEAST_ATTEMPTS, PhaseWatch
from perfengine.engine.timeline import Timeline
from perfengine.model.measurement import GeneratorState, Interval, Measurement, ProcessCost, Snapshot
from perfengine.model.outcome import Outcome
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import StopRules
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies, make_failure
from tests.entities import compile_entities, make_order
from tests.live_states import make_judgements

if TYPE_CHECKING:
    from perfengine.engine.events import Event
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Judgement

PHASE = compile_entities(make_order(), settings=LoadSettings(filters=("order_query",), iterations=10)).phases[
    0
]


def interval(ok: int, bad: int = 0, *, process: int = 0, elapsed_s: float = 1, starved: int = 0) -> Interval:
    """Return what a load process tells."""
    failures = {make_failure(Outcome.ERROR): bad, make_failure(Outcome.STARVED): starved}
    part = Measurement(
        operation="order_query",
        attempts=ok + bad + starved,
        starved=starved,
        failures={failure: count for failure, count in failures.items() if count},
        response=count_latencies([NS_PER_MS] * ok),
    )
    return Interval(
        process=process,
        elapsed_ns=round(elapsed_s * NS_PER_S),
        operations=(part,),
        seconds=({},),
        generator=GeneratorState(processes=(ProcessCost(wall_ns=1),)),
    )


def watch_of(
    rules: StopRules, heard: list[Event], *, processes: int = 1, violated: str | None = None
) -> PhaseWatch:
    """Return a watch over the phase; `violated` is what it finds when it looks at the limits."""

    def look(summaries: tuple[OperationSummary, ...]) -> str | None:
        assert [one.operation.name for one in summaries] == ["order_query"]
        return violated

    line = Timeline(io.StringIO())
    return PhaseWatch(PHASE, line, heard.append, rules, look, connections=2, processes=processes)


def test_progress_is_shown_when_every_load_process_has_told() -> None:
    """Totals of all of them, and the latencies since it was shown before."""
    heard: list[Event] = []
    watch = watch_of(StopRules(), heard, processes=2)
    watch(interval(3, process=0))
    assert heard == []
    watch(interval(4, 1, process=1))
    watch(interval(5, process=0, elapsed_s=2))
    watch(interval(6, process=1, elapsed_s=2))
    shown = [event for event in heard if isinstance(event, Snapshot)]
    assert [(one.operation, one.phase, one.ok, one.bad) for one in shown] == [
        ("order_query", "measure", 7, 1), ("order_query", "measure", 18, 1)
    ]  # fmt: skip
    assert [one.latest.moments.count for one in shown] == [7, 11]
    assert watch.why_stop is None
    assert not watch.stopping.is_set()


@pytest.mark.parametrize(
    ("ok", "bad", "stops"),
    [
        pytest.param(80, 20, False, id="at the ceiling"),
        pytest.param(79, 21, True, id="above it"),
        pytest.param(0, LEAST_ATTEMPTS - 1, False, id="too few to say"),
        pytest.param(0, LEAST_ATTEMPTS, True, id="enough"),
        pytest.param(0, 0, False, id="nothing"),
    ],
)
def test_too_many_errors_are_a_reason_to_stop(ok: int, bad: int, stops: bool) -> None:
    """In words for the user, once there are enough attempts."""
    watch = watch_of(StopRules(max_error_rate=0.2), [])
    watch(interval(ok, bad))
    assert watch.stopping.is_set() is stops
    assert watch.too_many_errors is stops
    if stops:
        assert f"the error rate was {bad / (ok + bad):.1%}, above the 20.0%" in str(watch.why_stop)


def test_attempts_without_a_row_are_no_errors() -> None:
    """They were starved: nothing was asked of the database."""
    watch = watch_of(StopRules(max_error_rate=0.2), [])
    watch(interval(50, starved=200))
    assert watch.why_stop is None


def test_a_violated_limit_is_a_reason_after_the_delay() -> None:
    """And only where the user wants that."""
    violated = "order_query: p95 violates its limit"
    rules = StopRules(abort_on_fail=True, abort_delay_ns=2 * NS_PER_S)
    watch = watch_of(rules, [], violated=violated)
    watch(interval(5, elapsed_s=1.9))
    assert watch.why_stop is None
    watch(interval(5, elapsed_s=2))
    assert watch.why_stop == violated
    assert watch.stopping.is_set()
    assert not watch.too_many_errors
    unasked = watch_of(StopRules(), [], violated=violated)
    unasked(interval(5, elapsed_s=9))
    assert unasked.why_stop is None


def test_the_first_reason_stays() -> None:
    """Whatever comes while the load is being stopped."""
    watch = watch_of(StopRules(abort_on_fail=True, max_error_rate=0.1), [], violated="first")
    watch(interval(5))
    watch(interval(0, 100, elapsed_s=2))
    assert watch.why_stop == "first"


class Looker:
    """A watch that looks at as much as it is told to."""

    def __init__(self, detail: Detail) -> None:
        self.detail = detail
        self.heard: list[Snapshot] = []
        self.intervals = 0

    def __call__(self, event: Event) -> None:
        """Keep the snapshot."""
        if isinstance(event, IntervalTold):
            self.intervals += 1
        else:
            assert isinstance(event, Snapshot)
            self.heard.append(event)


@pytest.mark.parametrize("detail", list(Detail))
def test_what_nobody_looks_at_is_not_computed(detail: Detail) -> None:
    """Neither snapshots nor what becomes of the limits; intervals are told to whoever looks at all."""
    asked, judgement, looker = [], make_judgements()[0], Looker(detail)

    def judge(summaries: tuple[OperationSummary, ...]) -> tuple[Judgement, ...]:
        asked.append(summaries[0].ok)
        return (judgement,)

    watch = PhaseWatch(
        PHASE,
        Timeline(io.StringIO()),
        looker,
        StopRules(),
        lambda _: None,
        connections=2,
        processes=1,
        judge=judge,
    )
    watch(interval(7))
    assert asked == ([7] if detail >= Detail.JUDGEMENTS else [])
    assert len(looker.heard) == (detail >= Detail.PROGRESS)
    assert all(bool(one.judgements) == bool(asked) for one in looker.heard)
    assert looker.intervals == (detail is Detail.INTERVALS)


def test_a_snapshot_tells_of_operations_and_load_processes() -> None:
    """Totals, causes, and what the last interval of every process added; one that told twice is one process."""
    heard: list[Event] = []
    watch = watch_of(StopRules(), heard, processes=2)
    watch(interval(3, 2, process=0))
    watch(interval(1, process=0, elapsed_s=2))
    watch(interval(4, 1, process=1, elapsed_s=2))
    watch(interval(5, process=0, elapsed_s=3))
    watch(interval(6, process=1, elapsed_s=3))
    first, second = (event for event in heard if isinstance(event, Snapshot))
    assert [(one.operation, one.ok, one.bad) for one in first.operations] == [("order_query", 8, 3)]
    assert [(one.ok, one.bad, one.latest.moments.count) for one in second.operations] == [(19, 3, 11)]
    assert second.failures == {make_failure(Outcome.ERROR): 3}
    assert [len(one.generator.processes) for one in (first, second)] == [2, 2]
    assert [cost.wall_ns for cost in first.generator.processes] == [2, 1]
    assert (second.connections, second.elapsed_ns) == (2, 3 * NS_PER_S)
