"""What is due before the instant that a slice is measured from: made, and in no count at all."""

from __future__ import annotations

from perfengine.metrics.measured_time import MeasuredTime
from perfengine.metrics.recorder import Recorder
from perfengine.model.outcome import Failure, Outcome

FAILURE = Failure(outcome=Outcome.ERROR, sqlstate="40001", error_class="retryable", message="no")


def test_the_lead_is_left_out() -> None:
    """Ok, failed, dropped and unfinished attempts that were due in it; one that ends after it as well."""
    time = MeasuredTime()
    time.begin_round(1_000, 0)
    recorder = Recorder("work", time=time)
    recorder.skip_before(1_000)
    for started, done in ((900, 950), (990, 1_200), (1_000, 1_100), (1_300, 1_500)):
        recorder.keep_started(started)
        recorder.keep_done(done)
    for due in (999, 1_000):
        recorder.fail(FAILURE, due, 1_400)
        recorder.drop(due)
        recorder.unfinished(due)
    measured, seconds = recorder.take()
    assert measured.response.moments.count == 2
    assert measured.response.moments.total == 100 + 200
    assert measured.response == measured.service
    assert (measured.attempts, measured.dropped, measured.unfinished) == (3, 1, 1)
    assert measured.measured_ns == 500
    assert seconds[0].due == 5


def test_a_drain_within_the_lead_leaves_nothing() -> None:
    """And what follows it is counted; afterwards nothing is left out any more."""
    recorder = Recorder("work")
    recorder.skip_before(1_000)
    recorder.keep_started(900)
    recorder.keep_done(950)
    assert recorder.take()[0].attempts == 0
    recorder.keep_started(1_100)
    recorder.keep_done(1_200)
    assert recorder.take()[0].attempts == 1
    recorder.skip_before(0)
    recorder.keep_started(900)
    recorder.keep_done(950)
    assert recorder.take()[0].attempts == 1


def test_what_is_said_of_an_attempt_goes_with_it() -> None:
    """Two attempts begin in the lead and are tried again after it; one is due after it. Only the last one counts."""
    recorder = Recorder("work")
    recorder.skip_before(1_000)
    for started, done in ((900, 1_500), (1_100, 1_600)):
        recorder.tried_again(["40001"])
        recorder.processed(3)
        recorder.keep_started(started)
        recorder.keep_done(done)
    recorder.tried_again(["40P01"])
    recorder.fail(FAILURE, 950, 1_700)
    measured, _ = recorder.take()
    assert (measured.attempts, measured.retried) == (1, 1)
    assert (measured.retries, measured.records_processed) == ({"40001": 1}, 3)
