"""The recorder loses nothing: over drains, rounds and pauses, by outcome and by second."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.recorder import MAX_DISTINCT_FAILURES, Recorder, count_values
from perfengine.model.measurement import SecondCounts
from perfengine.model.outcome import Outcome
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies, make_failure
from tests.unit.metrics.streams import (
    UP_NS,
    Attempt,
    Round,
    failures_of,
    measured_ns_of,
    ok_latencies,
    play,
    seconds_of,
    streams,
)

if TYPE_CHECKING:
    from perfengine.model.measurement import Measurement


def record(stream: list[Round], limits_ns: tuple[int, ...] = ()) -> Measurement:
    """Return what a recorder makes of a stream."""
    recorder = Recorder("single_order_confirm", limits_ns)
    play(recorder, stream)
    return recorder.freeze()


@given(streams)
def test_nothing_is_lost(stream: list[Round]) -> None:
    """However often it is drained, every attempt is in the histogram or among the failures."""
    measurement = record(stream)
    assert measurement.response == count_latencies(ok_latencies(stream))
    assert measurement.failures == failures_of(stream)
    assert measurement.failed_response.moments.count == failures_of(stream).total()


@given(streams)
def test_identities(stream: list[Round]) -> None:
    """Attempts are the sum of their outcomes, and what was due the sum of attempts, dropped and unfinished."""
    measurement = record(stream)
    by_outcome = Counter[Outcome]()
    for failure, n in measurement.failures.items():
        by_outcome[failure.outcome] += n
    assert measurement.attempts == measurement.response.moments.count + by_outcome.total()
    assert by_outcome[Outcome.OK] == 0
    assert measurement.starved == by_outcome[Outcome.STARVED]
    assert measurement.unfinished == sum(one.cut_off for one in stream)
    due = sum(second.due for second in measurement.seconds)
    assert due == measurement.attempts + measurement.dropped + measurement.unfinished


@given(streams)
def test_seconds_of_measured_time(stream: list[Round]) -> None:
    """Seconds count measured time: pauses between rounds take none, and each holds the attempts that ended in it."""
    measurement = record(stream)
    assert measurement.measured_ns == measured_ns_of(stream)
    assert list(measurement.seconds) == seconds_of(stream)
    for second in measurement.seconds[:-1]:
        assert second.due == second.ok + second.bad


@given(streams, st.lists(st.integers(0, 2 * NS_PER_S), max_size=3, unique=True))
def test_attempts_slower_than_a_limit(stream: list[Round], limits_ns: list[int]) -> None:
    """Ok attempts above a limit are counted exactly, not by histogram."""
    slower = record(stream, tuple(limits_ns)).slower_than
    assert slower == {limit: sum(ns > limit for ns in ok_latencies(stream)) for limit in limits_ns}


@given(streams)
def test_intervals_sum_to_the_whole(stream: list[Round]) -> None:
    """Each interval has what came since the one before it, so that together they are the whole."""
    recorder = Recorder("x")
    intervals = []
    for one in stream:
        play(recorder, [one])
        intervals.append(recorder.take_interval().moments)
    assert sum(moments.count for moments in intervals) == len(ok_latencies(stream))
    assert sum(moments.total for moments in intervals) == sum(ok_latencies(stream))
    assert recorder.take_interval().moments.count == 0


@given(streams)
def test_totals(stream: list[Round]) -> None:
    """The totals that progress shows are those of the result."""
    recorder = Recorder("x")
    play(recorder, stream)
    assert recorder.totals == (len(ok_latencies(stream)), failures_of(stream).total())


def test_appends_stay_good_over_a_drain() -> None:
    """The append that a client holds goes on working after the recorder was drained."""
    recorder = Recorder("x")
    keep_started, keep_ended = recorder.keep_started, recorder.keep_ended
    recorder.begin_round(UP_NS)
    for n in range(1, 6):
        keep_started(UP_NS)
        keep_ended(UP_NS + n)
        recorder.drain()
    assert recorder.freeze().response.moments.total == 15


@pytest.mark.parametrize("failed_first", [True, False])
def test_a_recorder_without_a_round(failed_first: bool) -> None:
    """Without a round, time begins with the first attempt, not with the origin of the clock months ago."""
    recorder = Recorder("warm-up")
    first, second = UP_NS, UP_NS + NS_PER_S // 2
    bad, ok = (first, second) if failed_first else (second, first)
    recorder.fail(make_failure(), bad, bad + NS_PER_MS)
    recorder.keep_started(ok)
    recorder.keep_ended(ok + NS_PER_MS)
    measurement = recorder.freeze()
    assert measurement.measured_ns == NS_PER_S // 2 + NS_PER_MS
    assert measurement.seconds == (SecondCounts(due=2, ok=1, bad=1),)


def test_nothing_recorded() -> None:
    """Without an attempt there are no seconds and no time."""
    measurement = Recorder("x", (5,)).freeze()
    assert (measurement.attempts, measurement.measured_ns, measurement.seconds) == (0, 0, ())
    assert measurement.slower_than == {5: 0}


def test_only_unfinished() -> None:
    """Attempts of which none ended were due all the same."""
    stream = [Round(pause_ns=0, attempts=(), cut_off=3)]
    assert record(stream).seconds == (SecondCounts(due=3, ok=0, bad=0),)


def test_distinct_failures_are_capped() -> None:
    """The first 200 texts are kept; those that come later are counted under their class, and none is lost."""
    recorder = Recorder("x")
    recorder.begin_round(UP_NS)
    for n in range(MAX_DISTINCT_FAILURES + 50):
        recorder.fail(make_failure(message=f"text {n}"), UP_NS, UP_NS + 1)
    recorder.fail(make_failure(message="text 7"), UP_NS, UP_NS + 1)
    recorder.fail(make_failure(Outcome.REFUSED, sqlstate="23514", message="late"), UP_NS, UP_NS + 1)
    failures = recorder.freeze().failures
    assert MAX_DISTINCT_FAILURES == 200
    assert sum(failures.values()) == 252
    assert failures[make_failure(message="text 7")] == 2
    assert failures[make_failure(message="(further texts)")] == 50
    assert failures[make_failure(Outcome.REFUSED, sqlstate="23514", message="(further texts)")] == 1
    assert len(failures) == MAX_DISTINCT_FAILURES + 2


def test_clock_that_runs_backwards() -> None:
    """An attempt that ended before it began is refused, not counted."""
    with pytest.raises(ValueError, match="never negative, got -1 ns"):
        record([Round(pause_ns=0, attempts=(Attempt(gap_ns=5, latency_ns=-1),))])


def test_count_values() -> None:
    """An array of durations becomes a histogram."""
    values = [0, 5, NS_PER_S, 5]
    assert count_values(array("q", values)) == count_latencies(values)
    assert count_values(array("q")) == count_latencies([])
