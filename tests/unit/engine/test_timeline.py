"""A row a second: of which intervals, and of whom."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.engine.timeline import Timeline, timeline
from perfengine.model.measurement import GeneratorState, Interval, Measurement, ProcessCost
from perfengine.model.outcome import Outcome
from perfengine.model.series import About
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies, make_failure
from tests.entities import compile_entities, make_order

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan
    from perfengine.model.series import Series

CPU_NS, WALL_NS = 250 * NS_PER_MS, 500 * NS_PER_MS


def phase_of(name: str = "order_query") -> PhasePlan:
    """Return the phase of an operation."""
    return compile_entities(make_order(), settings=LoadSettings(filters=(name,), iterations=10)).phases[0]


def interval(process: int, elapsed_s: float, latencies_ms: list[int], bad: int = 0) -> Interval:
    """Return what a load process tells of one operation."""
    counts = count_latencies([latency * NS_PER_MS for latency in latencies_ms])
    return Interval(
        process=process,
        elapsed_ns=round(elapsed_s * NS_PER_S),
        operations=(
            Measurement(
                operation="order_query", attempts=len(latencies_ms) + bad, response=counts, service=counts
            ),
        ),
        seconds=({},),
        generator=GeneratorState(
            processes=(ProcessCost(wall_ns=WALL_NS, cpu_ns=CPU_NS),), loop_lag=count_latencies([1000])
        ),
    )


def series_after(*intervals: Interval, processes: int = 1, connections: int = 1) -> dict[str, Series]:
    """Return the series of a phase, by subject."""
    line = Timeline(io.StringIO())
    line.begin(phase_of(), connections=connections, processes=processes)
    for one in intervals:
        line.add(one)
    return {series.subject: series for series in line.series()}


def test_a_row_has_the_counts_of_its_second_and_their_percentiles() -> None:
    """Seconds without an attempt have no latency."""
    seen = series_after(interval(0, 1.0, [10, 20, 30], bad=2), interval(0, 2.0, []))["order_query"]
    assert (seen.about, seen.phase, seen.times_s) == (About.OPERATION, "order_query", (1, 2))
    assert (seen.columns["ok"], seen.columns["bad"]) == ((3, 0), (2, 0))
    median, nothing = seen.columns["p50_s"]
    assert median == pytest.approx(0.02, rel=0.001)
    assert nothing is None
    assert seen.columns["max_s"] == (0.03, None)


def test_all_load_processes_are_in_a_row_of_an_operation() -> None:
    """However they are late; each has a series of its own beside that."""
    told = [
        interval(0, 1.01, [10]),
        interval(0, 2.02, [10]),
        interval(1, 1.1, [30]),
        interval(1, 2.2, [30, 30]),
    ]
    seen = series_after(*told, processes=2, connections=2)
    assert seen["order_query"].columns["ok"] == (2, 3)
    assert {subject for subject, series in seen.items() if series.about is About.GENERATOR} == {"0", "1"}
    assert seen["0"].columns["cpu_share"] == (0.5, 0.5)
    assert [*seen["1"].columns["connection_share"]] == pytest.approx([0.06, 0.12], rel=0.001)


def test_connections_that_do_not_divide_are_those_of_their_process() -> None:
    """Of three connections the first of two processes has two: with one each it had been busy twice over."""
    told = [interval(0, 1.0, [250, 250, 250, 250]), interval(1, 1.0, [250, 250])]
    seen = series_after(*told, processes=2, connections=3)
    shares = [seen[process].columns["connection_share"] for process in ("0", "1")]
    assert [*shares[0], *shares[1]] == pytest.approx([1.0, 1.0], rel=0.001)


def test_a_short_interval_at_the_end_goes_with_the_second_before() -> None:
    """Attempts that were drained after the time was over are no second of their own."""
    seen = series_after(interval(0, 1.0, [10]), interval(0, 1.05, [40, 40, 40]))
    assert seen["order_query"].times_s == (1,)
    assert seen["order_query"].columns["ok"] == (4,)
    assert [*seen["0"].columns["connection_share"]] == pytest.approx([0.13], rel=0.001)


@given(
    told=st.lists(
        st.tuples(st.integers(0, 2), st.floats(-3, 3), st.lists(st.integers(1, 900), max_size=3)),
        max_size=30,
    )
)
def test_every_attempt_is_in_one_row(told: list[tuple[int, float, list[int]]]) -> None:
    """Whoever tells when, with rounds of any length: nothing is lost, nothing is twice, seconds rise.

    A round of an open load goes on where the schedule was, before the end of what was drained: its seconds were
    written a second time.
    """
    reached, intervals = [0.0] * 3, []
    for process, length_s, latencies in told:
        reached[process] = max(reached[process] + length_s, 0.01)
        intervals.append(interval(process, reached[process], latencies))
    seen = series_after(*intervals, processes=3)
    if not told:
        assert seen == {}
        return
    assert sum(seen["order_query"].columns["ok"]) == sum(len(latencies) for *_, latencies in told)  # type: ignore[arg-type] # counts are always there
    for series in seen.values():
        assert list(series.times_s) == sorted(set(series.times_s))


def test_what_failed_has_a_column_for_its_class() -> None:
    """From the first second on, also where it was not met yet."""
    refused = make_failure(Outcome.REFUSED, sqlstate="23505", error_class="integrity")
    first, second = interval(0, 1.0, [10]), interval(0, 2.0, [10], bad=3)
    failed = replace(second.operations[0], failures={refused: 2, make_failure(): 1})
    columns = series_after(first, replace(second, operations=(failed,)))["order_query"].columns
    assert (columns["failed_integrity"], columns["failed_retryable"]) == ((0, 2), (0, 1))
    assert sum(columns["bad"]) == 3  # type: ignore[arg-type] # counts are always there


def test_waits_have_their_mean() -> None:
    """So that the parts of a mean response time add up to it."""
    one = interval(0, 1.0, [10, 30])
    waits = replace(
        one.operations[0],
        lateness=count_latencies([2 * NS_PER_MS, 4 * NS_PER_MS]),
        pool_wait=count_latencies([NS_PER_MS, 0]),
    )
    columns = series_after(replace(one, operations=(waits,)))["order_query"].columns
    assert columns["lateness_mean_s"] == (0.003,)
    assert columns["pool_wait_mean_s"] == (0.0005,)
    assert columns["mean_s"] == (0.02,)


def test_every_attempt_is_in_a_histogram_over_time() -> None:
    """Of its operation and phase; a repeat of a phase goes on where the last one ended."""
    line = Timeline(io.StringIO())
    for _ in range(2):
        line.begin(phase_of(), connections=1, processes=1)
        line.add(interval(0, 1.0, [10, 20]))
        line.add(interval(0, 2.0, [30]))
    line.end()
    (found,) = line.latency_over_time()
    assert (found.operation, found.phase, found.slot_s) == ("order_query", "order_query", 1)
    assert [(slot.begin_s, sum(slot.counts)) for slot in found.slots] == [(0, 2), (1, 1), (2, 2), (3, 1)]
    assert found.slots[1].maximum_ns == 30 * NS_PER_MS


def test_phases_are_kept_apart_on_disk() -> None:
    """Each begins at its own zero."""
    with timeline() as line:
        for name in ("order_query", "order_create"):
            line.begin(phase_of(name), connections=1, processes=1)
            line.add(interval(0, 1, [10]))
        operations = [one for one in line.series() if one.about is About.OPERATION]
    assert [(one.subject, one.phase, one.times_s) for one in operations] == [
        ("order_query", "order_query", (1,)), ("order_create", "order_create", (1,))
    ]  # fmt: skip
