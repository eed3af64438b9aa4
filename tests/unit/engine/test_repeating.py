"""Repeats as one measurement, their spread, and whether each of them came to rest."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.engine.repeating import count_repeats, each_repeat, merged, repeats_of
from perfengine.engine.timeline import Timeline
from perfengine.metrics.summary import summarise_latency
from perfengine.model.measurement import GeneratorState, ProcessCost, SecondCounts, StageMeasurement
from perfengine.model.outcome import Outcome
from perfengine.model.series import About, Series
from perfengine.model.stability import OutlierLabel, Steadiness
from perfengine.model.summary import OperationSummary, RowCounts, StageSummary
from perfengine.model.verdict import Verdict
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies, make_failure, make_operation, make_summary
from tests.unit.engine.test_timeline import interval, phase_of

MS = NS_PER_MS
latencies = st.lists(st.integers(1, 10 * NS_PER_S), min_size=1, max_size=30)


@given(st.lists(latencies, min_size=1, max_size=6))
def test_percentiles_are_of_all_attempts(repeats: list[list[int]]) -> None:
    """Never the mean of percentiles: what one long repeat with all attempts would show."""
    (whole,) = merged([make_summary(values) for values in repeats])
    together = make_summary(list(chain.from_iterable(repeats)), measured_ns=len(repeats) * NS_PER_S)
    assert whole.measurement.response == together.measurement.response
    assert whole.latency == (
        summarise_latency(together.measurement.response) if len(repeats) > 1 else whole.latency
    )
    assert (whole.ok, whole.attempts) == (together.ok, together.attempts)
    assert whole.throughput_per_s == pytest.approx(together.throughput_per_s)


def test_one_repeat_is_left_alone() -> None:
    """A run that is not repeated shows what it always did."""
    summary = make_summary([MS] * 10)
    assert merged([summary])[0] is summary


def test_counts_add_and_doubts_stay() -> None:
    """Failures, seconds and rows add up; a repeat that was cut short or saturated makes the whole so."""
    error, refused = make_failure(Outcome.ERROR), make_failure(Outcome.REFUSED)
    first = make_summary(
        [MS] * 8, failures={error: 2}, dropped=1, rows=RowCounts(at_start=9, expected=8, found=8)
    )
    second = make_summary(
        [MS] * 5,
        failures={error: 1, refused: 4},
        unfinished=3,
        saturated=True,
        cut_short="interrupted",
        rows=RowCounts(at_start=7, expected=5, found=4, unexpected=1, in_doubt=2),
    )
    (whole,) = merged([first, second])
    assert (whole.ok, whole.error, whole.refused, whole.attempts) == (13, 3, 4, 20)
    assert whole.measurement.failures == {error: 3, refused: 4}
    assert (whole.measurement.dropped, whole.measurement.unfinished) == (1, 3)
    assert whole.measurement.seconds == (
        SecondCounts(due=10, ok=8, bad=2),
        SecondCounts(due=10, ok=5, bad=5),
    )
    assert whole.measurement.measured_ns == 2 * NS_PER_S
    assert whole.measurement.rounds == 2
    assert whole.error_rate == pytest.approx(7 / 20)
    assert whole.availability == pytest.approx(13 / 21)
    assert (whole.saturated, whole.cut_short, whole.generator_share) == (True, "interrupted", 0.97)
    assert whole.rows == RowCounts(at_start=9, expected=13, found=12, unexpected=1, in_doubt=2)
    assert whole.requested_iterations == 20


def test_rows_that_nobody_checked() -> None:
    """A repeat whose check was lost leaves those of the other."""
    rows = RowCounts(at_start=9)
    (whole,) = merged([make_summary([MS], rows=rows), make_summary([MS])])
    assert whole.rows == rows


def test_load_processes_are_the_same_ones() -> None:
    """What each cost is added up: two repeats of two processes are no four processes."""
    costs = (ProcessCost(wall_ns=10, cpu_ns=4, run_queue_ns=1), ProcessCost(wall_ns=20, cpu_ns=2))
    state = GeneratorState(processes=costs, loop_lag=count_latencies([1000]))
    summary = make_summary([MS] * 3)
    summary = replace(summary, measurement=replace(summary.measurement, generator=state))
    (whole,) = merged([summary, summary])
    assert whole.measurement.generator.processes == (
        ProcessCost(wall_ns=20, cpu_ns=8, run_queue_ns=2),
        ProcessCost(wall_ns=40, cpu_ns=4),
    )
    assert whole.measurement.generator.loop_lag.moments.count == 2


def test_stages_keep_their_rate() -> None:
    """A stage that was done twice has twice the attempts, and no higher rate."""
    seen = StageMeasurement(ok=2, bad=1, response=count_latencies([MS, 3 * MS]))
    stage = StageSummary(
        number=1,
        duration_ns=NS_PER_S,
        begin_level=0,
        target=5,
        ok=2,
        bad=1,
        dropped=0,
        throughput_per_s=2.0,
        latency=None,
    )
    summary = make_summary([MS] * 3)
    summary = replace(summary, stages=(stage,), measurement=replace(summary.measurement, stages=(seen,)))
    (whole,) = merged([summary, summary])
    (both,) = whole.stages
    assert (both.ok, both.bad, both.throughput_per_s) == (4, 2, 2.0)
    assert both.latency
    assert both.latency.count == 4


def test_operations_keep_their_order() -> None:
    """As they first came."""
    a, b = make_operation("a"), make_operation("b")
    found = merged([make_summary([MS], operation=one) for one in (b, a, b, a)])
    assert [one.operation.name for one in found] == ["b", "a"]


def test_an_interrupted_repeat_counts() -> None:
    """As far as it came: the first of its operations was measured twice, the others once."""
    a, b = make_operation("a"), make_operation("b")
    assert count_repeats([make_summary([MS], operation=one) for one in (a, b, a)]) == 2
    assert count_repeats([]) == 1


# --- spread and steady state -------------------------------------------------------------------------------------


def noise_of(seconds: int) -> list[float]:
    """Return what a quiet machine makes of 1: half a percent, and no two seconds alike."""
    return [float(one) for one in np.random.default_rng(7).normal(1, 0.005, seconds)]


def series_of(means_s: list[float | None], ok: float = 100) -> Series:
    """Return the series of an operation with a mean a second."""
    return Series(
        about=About.OPERATION,
        subject="single_order_confirm",
        phase="mix",
        times_s=tuple(range(1, len(means_s) + 1)),
        columns={"mean_s": tuple(means_s), "ok": tuple(ok if mean else 0.0 for mean in means_s)},
    )


def in_mix(values: list[int]) -> OperationSummary:
    """Return a repeat in a phase of that name."""
    return replace(make_summary(values), phase="mix")


def test_spread_between_repeats() -> None:
    """Seven repeats within a few percent prove less than 10 %; the odd one is labelled, and counted."""
    means = [100, 101, 99, 100, 101, 99, 109]
    (found,) = repeats_of([in_mix([mean * MS] * 5) for mean in means], (), {})
    assert found.means_ns == tuple(mean * MS for mean in means)
    assert found.between.verdict is Verdict.PASS
    assert found.between.runs == len(means)
    assert found.between.spread == pytest.approx(0.1)
    assert [(one.place, one.label) for one in found.outliers] == [(6, OutlierLabel.EXTREME)]


def test_a_repeat_without_an_answer_has_no_mean() -> None:
    """It is not taken for a fast one."""
    (found,) = repeats_of([in_mix([MS]), in_mix([])], (), {})
    assert found.means_ns == (MS,)
    assert found.between.detail == "needs 5 runs, has 1"


def test_each_repeat_is_looked_at_alone() -> None:
    """A repeat that drifts is found between two that do not; a step between repeats is no drift of any."""
    level: list[float | None] = [0.010 * noise for noise in noise_of(100)]
    drifting: list[float | None] = [mean * (1 + n / 300) for n, mean in enumerate(level) if mean]
    higher: list[float | None] = [mean * 2 for mean in level if mean]
    (found,) = repeats_of([in_mix([MS])] * 3, [series_of(level + drifting + higher)], {"mix": (0, 100, 200)})
    assert [one.steadiness is Steadiness.STEADY for one in found.steady] == [True, False, True]


def test_a_repeat_that_measured_nothing_is_none() -> None:
    """A signal came while it warmed up: its seconds begin where the series ends, and it has no attempt.

    It was one "too short" of two repeats beside the one that there was.
    """
    level: list[float | None] = [0.010 * noise for noise in noise_of(100)]
    (found,) = repeats_of([in_mix([MS])], [series_of(level)], {"mix": (0, 100)})
    assert [one.steadiness for one in found.steady] == [Steadiness.STEADY]


def test_each_repeat_alone() -> None:
    """With its own attempts, and its own seconds from the first on; one that was interrupted came to less."""
    first, second = in_mix([MS] * 3), in_mix([2 * MS] * 5)
    other = replace(make_summary([MS], operation=make_operation("other")), phase="mix")
    whole = series_of([0.001, 0.001, 0.002, 0.002, 0.003])
    found = each_repeat([first, other, second], [whole], {"mix": (0, 2)})
    assert [repeat.operations for repeat in found] == [(first, other), (second,)]
    assert [repeat.series[0].times_s for repeat in found] == [(1, 2), (1, 2, 3)]
    assert [repeat.series[0].columns["mean_s"] for repeat in found] == [(0.001, 0.001), (0.002, 0.002, 0.003)]
    assert each_repeat([first, other], [whole], {"mix": (0,)}) == ()


def test_how_much_settling_is_in_it() -> None:
    """The seconds that MSER-5 would leave out."""
    settling: list[float | None] = [0.010 * (1 + 4 * 0.8**n) * noise for n, noise in enumerate(noise_of(100))]
    (found,) = repeats_of([in_mix([MS])], [series_of(settling)], {"mix": (0,)})
    (steady,) = found.steady
    assert steady.steadiness is Steadiness.STEADY
    assert 10 <= steady.cut_s <= 40
    assert steady.cut_s + steady.kept_s == 100


def test_seconds_without_an_answer_are_no_zero() -> None:
    """The logarithm of a pause is nothing."""
    level: list[float | None] = [0.010 * noise for noise in noise_of(60)]
    (found,) = repeats_of([in_mix([MS])], [series_of([None, *level, None])], {"mix": (0,)})
    assert found.steady[0].kept_s + found.steady[0].cut_s == 60


def test_series_of_repeats_follow_each_other() -> None:
    """On one axis of measured time, whose seconds after which repeats begin are known."""
    line = Timeline(io.StringIO())
    for seconds in (2, 3):
        line.begin(phase_of(), connections=1, processes=1)
        for second in range(1, seconds + 1):
            line.add(interval(0, float(second), [10 * second]))
    series = {one.subject: one for one in line.series()}["order_query"]
    assert series.times_s == (1, 2, 3, 4, 5)
    assert series.columns["max_s"] == (0.01, 0.02, 0.01, 0.02, 0.03)
    assert line.begins_s == {"order_query": [0, 2]}
