"""The recorder loses nothing: over drains, rounds, pauses and intervals, by outcome and by second."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.recorder import Recorder
from perfengine.model.measurement import SecondCounts
from perfengine.model.outcome import Failure, Outcome
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_failure
from tests.examples import few_examples
from tests.unit.metrics.intervals import sum_up
from tests.unit.metrics.streams import (
    CLOSED,
    UP_NS,
    Attempt,
    Desk,
    Load,
    Round,
    failures_of,
    loads,
    measured_ns_of,
    ok_attempts,
    record,
    seconds_of,
    streams,
)
from tests.unit.metrics.test_counts import count


@few_examples
@given(streams, loads)
def test_nothing_is_lost(stream: list[Round], load: Load) -> None:
    """However often it is drained, every attempt is in the histogram or among the failures."""
    measurement = record(stream, load)
    assert measurement.response == count([a.response_ns(load) for a in ok_attempts(stream)])
    assert measurement.failures == failures_of(stream)
    failed = [a.response_ns(load) for one in stream for a in one.attempts if a.failure]
    assert measurement.failed_response == count(failed)


@few_examples
@given(streams, loads)
def test_the_parts_of_a_response(stream: list[Round], load: Load) -> None:
    """Three histograms, each of its own stretch; where the load model knows no such wait, of zeros."""
    measurement, ok = record(stream, load), ok_attempts(stream)
    assert measurement.lateness == count([a.late_ns * load.scheduled for a in ok])
    assert measurement.pool_wait == count([a.wait_ns * load.shared for a in ok])
    assert measurement.service == count([a.service_ns for a in ok])
    parts = (measurement.lateness, measurement.pool_wait, measurement.service)
    assert sum(part.moments.total for part in parts) == measurement.response.moments.total


@few_examples
@given(streams, loads)
def test_identities(stream: list[Round], load: Load) -> None:
    """Attempts are the sum of their outcomes, and what was due the sum of attempts, dropped and unfinished."""
    measurement = record(stream, load)
    by_outcome = Counter[Outcome]()
    for failure, n in measurement.failures.items():
        by_outcome[failure.outcome] += n
    assert measurement.attempts == measurement.response.moments.count + by_outcome.total()
    assert by_outcome[Outcome.OK] == 0
    assert measurement.starved == by_outcome[Outcome.STARVED]
    assert measurement.unfinished == sum(one.cut_off for one in stream)
    assert measurement.dropped == sum(one.dropped for one in stream)
    due = sum(second.due for second in measurement.seconds)
    assert due == measurement.attempts + measurement.dropped + measurement.unfinished


@few_examples
@given(streams, loads)
def test_seconds_of_measured_time(stream: list[Round], load: Load) -> None:
    """Seconds count measured time: pauses between rounds take none, and each holds the attempts that ended in it."""
    measurement = record(stream, load)
    assert measurement.measured_ns == measured_ns_of(stream)
    assert list(measurement.seconds) == seconds_of(stream)


@few_examples
@given(streams, loads, st.lists(st.integers(0, 2 * NS_PER_S), max_size=3, unique=True))
def test_attempts_slower_than_a_limit(stream: list[Round], load: Load, limits_ns: list[int]) -> None:
    """Ok attempts whose response is above a limit are counted exactly, not by histogram."""
    slower = record(stream, load, limits_ns).slower_than
    responses = [a.response_ns(load) for a in ok_attempts(stream)]
    assert slower == {limit: sum(ns > limit for ns in responses) for limit in limits_ns}


@few_examples
@given(streams, loads, st.lists(st.integers(0, 2 * NS_PER_S), max_size=3, unique=True).map(sorted))
def test_attempts_slower_than_a_limit_by_the_second(
    stream: list[Round], load: Load, limits_ns: list[int]
) -> None:
    """In the second in which they ended, a count for each limit; together they are the whole."""
    measurement = record(stream, load, limits_ns)
    expected = [Counter[int]() for _ in measurement.seconds]
    measured_ns = 0
    for attempt in (attempt for one in stream for attempt in one.attempts):
        measured_ns += attempt.gap_ns
        if attempt.failure is None:
            slower = [n for n, limit in enumerate(limits_ns) if attempt.response_ns(load) > limit]
            expected[measured_ns // NS_PER_S].update(slower)
    for second, counts in zip(measurement.seconds, expected, strict=True):
        assert Counter(dict(enumerate(second.slower))) == counts


@few_examples
@given(streams, loads, st.integers(0, 3 * NS_PER_S))
def test_retries_and_records_are_those_of_the_attempts_that_count(
    stream: list[Round], load: Load, lead_ns: int
) -> None:
    """However attempts overlap, drains and intervals fall: tries of attempts that ended, records of ok ones."""
    desk, from_ns = Desk(load), UP_NS + lead_ns
    desk.recorders[0].skip_before(from_ns)
    (part,) = sum_up(desk.play(stream), ["a"])
    now_ns, counted = UP_NS, list[Attempt]()
    for one in stream:
        now_ns += one.pause_ns
        for attempt in one.attempts:
            now_ns += attempt.gap_ns
            counted += [attempt] * (now_ns - attempt.response_ns(load) >= from_ns)
    ok = [attempt for attempt in counted if attempt.failure is None]
    assert part.attempts == len(counted)
    assert part.retries == Counter(code for attempt in counted for code in attempt.again)
    assert part.retried == sum(bool(attempt.again) for attempt in ok) <= part.response.moments.count
    assert part.records_processed == sum(attempt.records for attempt in ok)


@few_examples
@given(streams, loads, st.integers(0, 3 * NS_PER_S))
def test_what_is_due_before_an_instant_may_be_left_out(stream: list[Round], load: Load, lead_ns: int) -> None:
    """Of everything: latencies, failures, what was dropped and what did not end; the time goes on all the same."""
    desk, from_ns = Desk(load), UP_NS + lead_ns
    desk.recorders[0].skip_before(from_ns)
    (part,) = sum_up(desk.play(stream), ["a"])
    now_ns, ok, failed, dropped, cut_off = UP_NS, list[int](), Counter[Failure](), 0, 0
    for one in stream:
        now_ns += one.pause_ns
        for attempt in one.attempts:
            now_ns += attempt.gap_ns
            if now_ns - attempt.response_ns(load) >= from_ns:
                ok += [attempt.response_ns(load)] * (attempt.failure is None)
                failed.update([attempt.failure] if attempt.failure else [])
        dropped += one.dropped * (now_ns >= from_ns)
        cut_off += one.cut_off * (now_ns >= from_ns)
    assert part.response == count(ok)
    assert part.failures == failed
    assert (part.dropped, part.unfinished) == (dropped, cut_off)
    assert sum(second.due for second in part.seconds) == part.attempts + dropped + cut_off


def test_appends_stay_good_over_a_drain_and_an_interval() -> None:
    """The append that a client holds goes on working whatever becomes of what it appended."""
    recorder = Recorder("x")
    keep_due, keep_started = recorder.keep_due, recorder.keep_started
    keep_acquired, keep_done = recorder.keep_acquired, recorder.keep_done
    totals = []
    for n in range(1, 6):
        for keep in (keep_due, keep_started, keep_acquired):
            keep(UP_NS)
        keep_done(UP_NS + n)
        recorder.drain()
        if n in {2, 5}:
            totals.append(recorder.take()[0].response.moments.total)
    assert totals == [1 + 2, 3 + 4 + 5]


@pytest.mark.parametrize("failed_first", [True, False])
def test_a_recorder_without_a_round(failed_first: bool) -> None:
    """Without a round, time begins with the first attempt, not with the origin of the clock months ago."""
    recorder = Recorder("warm-up")
    first, second = UP_NS, UP_NS + NS_PER_S // 2
    bad, ok = (first, second) if failed_first else (second, first)
    recorder.fail(make_failure(), bad, bad + NS_PER_MS)
    recorder.keep_started(ok)
    recorder.keep_done(ok + NS_PER_MS)
    measurement, seconds = recorder.take()
    assert measurement.measured_ns == NS_PER_S // 2 + NS_PER_MS
    assert seconds == {0: SecondCounts(due=2, ok=1, bad=1)}


@pytest.mark.parametrize("what", ["drop", "unfinished"])
def test_what_never_ended_begins_the_time_of_a_recorder_without_a_round_too(what: str) -> None:
    """It is due in its first second."""
    recorder = Recorder("warm-up")
    getattr(recorder, what)(UP_NS)
    _, seconds = recorder.take()
    assert seconds == {0: SecondCounts(due=1, dropped=int(what == "drop"))}


def test_nothing_recorded() -> None:
    """Without an attempt there are no seconds and no time."""
    measurement, seconds = Recorder("x", (5,)).take()
    assert (measurement.attempts, measurement.measured_ns, seconds) == (0, 0, {})
    assert measurement.slower_than == {5: 0}


def test_only_unfinished() -> None:
    """Attempts of which none ended were due all the same."""
    stream = [Round(pause_ns=0, attempts=(), cut_off=3)]
    assert record(stream).seconds == (SecondCounts(due=3, ok=0, bad=0),)


def test_retries_and_records_are_counted_by_the_interval() -> None:
    """Of attempts that ended in it: tries that are followed by another, by their SQLSTATE, and records."""
    recorder = Recorder("x")
    recorder.tried_again(["40001", "40P01"])
    recorder.processed(5)
    recorder.keep_started(UP_NS)
    recorder.keep_done(UP_NS + 1)
    recorder.tried_again(["40001"])
    recorder.fail(make_failure(), UP_NS, UP_NS + 1)
    recorder.processed(2)
    recorder.keep_started(UP_NS)
    recorder.keep_done(UP_NS + 1)
    first, second = recorder.take()[0], recorder.take()[0]
    assert (first.retries, first.retried, first.records_processed) == ({"40001": 2, "40P01": 1}, 1, 7)
    assert (second.retries, second.retried, second.records_processed) == ({}, 0, 0)


def test_a_warm_up_is_forgotten() -> None:
    """It is handed out once; what comes after it begins from nothing, texts of failures included."""
    desk = Desk(CLOSED)
    (recorder,) = desk.recorders
    for n in range(300):
        recorder.fail(make_failure(message=f"text {n}"), UP_NS, UP_NS + 1)
    recorder.drop(UP_NS)
    warm_up = recorder.restart()
    desk.time.restart()
    assert (warm_up.attempts, warm_up.dropped) == (300, 1)
    recorder.fail(make_failure(message="text 299"), UP_NS, UP_NS + 5)
    measurement, seconds = recorder.take()
    assert measurement.failures == {make_failure(message="text 299"): 1}
    assert (measurement.measured_ns, measurement.dropped) == (5, 0)
    assert seconds == {0: SecondCounts(due=1, bad=1)}


def test_clock_that_runs_backwards() -> None:
    """An attempt that ended before it began is refused, not counted."""
    with pytest.raises(ValueError, match="never negative, got -1 ns"):
        record([Round(pause_ns=0, attempts=(Attempt(gap_ns=5, service_ns=-1),))])
