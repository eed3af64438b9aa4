"""The recorder: integers in, counts out. The only mutable state of a measure phase besides the scheduler.

An ok attempt costs an append of each of its instants to an array of 64-bit integers. `drain` moves them into
histograms at least once a second, vectorised; once a second `take` hands out what the interval showed and starts
over, so that memory is bounded whatever the duration and nothing is kept twice.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from perfengine.errors import InternalError
from perfengine.metrics.asides import Asides
from perfengine.metrics.chronicle import Chronicle
from perfengine.metrics.counts import Counts, zeros
from perfengine.metrics.failures import MAX_DISTINCT_FAILURES, without_text
from perfengine.metrics.measured_time import MeasuredTime
from perfengine.model.measurement import Measurement
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from perfengine.model.measurement import SecondCounts, StageMeasurement
    from perfengine.ports.raw_sink import RawSink

    Integers = NDArray[np.int64]


class Recorder:
    """Records the attempts of one operation in one process, an interval at a time."""

    def __init__(
        self,
        operation: str,
        limits_ns: Sequence[int] = (),
        *,
        time: MeasuredTime | None = None,
        stage_ends_ns: Sequence[int] = (),
    ) -> None:
        """`stage_ends_ns` are the ends of the load's stages, in measured time."""
        self._operation = operation
        self._time = time or MeasuredTime()
        self._limits_ns = tuple(sorted(set(limits_ns)))
        self._chronicle = Chronicle(self._time, stage_ends_ns, self._limits_ns)
        self._due, self._started, self._acquired, self._done = array("q"), array("q"), array("q"), array("q")
        self._bad_due, self._bad_done = array("q"), array("q")
        self._asides = Asides()
        self._known: set[Failure] = set()
        self._raw: RawSink | None = None
        self._raw_failures: list[Failure] = []  #: of the bad ones that wait to be drained
        self._from_ns = 0
        self._response, self._bad_response = Counts(), Counts()
        self._lateness, self._pool_wait, self._service = Counts(), Counts(), Counts()
        self._scheduled = self._shared = False
        self._begin_interval()

    def _begin_interval(self) -> None:
        self._slower_than = dict.fromkeys(self._limits_ns, 0)
        self._failures: Counter[Failure] = Counter()
        self._asides.begin_interval()
        self._unfinished = self._dropped = 0

    def keep_raw(self, sink: RawSink | None) -> None:
        """Hand every attempt that is drained from now on to the sink as well."""
        self._raw = sink

    def skip_before(self, instant_ns: int) -> None:
        """Leave out of all counts what is due before that instant, from the next attempt on; 0: nothing.

        Retries and records are of attempts: they are left out with them.
        """
        self._from_ns = instant_ns

    @property
    def keep_due(self) -> Callable[[int], None]:
        """The append that takes when an ok attempt was due."""
        return self._due.append

    @property
    def keep_started(self) -> Callable[[int], None]:
        """The append that takes when a client began it."""
        return self._started.append

    @property
    def keep_acquired(self) -> Callable[[int], None]:
        """The append that takes when it had a connection."""
        return self._acquired.append

    @property
    def keep_done(self) -> Callable[[int], None]:
        """The append that takes its end."""
        return self._done.append

    def fail(self, failure: Failure, due_ns: int, done_ns: int) -> None:
        """Take an attempt that was not ok."""
        counts = due_ns >= self._from_ns
        self._asides.end_badly(len(self._done), counts=counts)
        if not counts:
            return
        self._bad_due.append(due_ns)
        self._bad_done.append(done_ns)
        if failure not in self._known:
            if len(self._known) >= MAX_DISTINCT_FAILURES:
                failure = without_text(failure)
            self._known.add(failure)
        self._failures[failure] += 1
        if self._raw is not None:
            self._raw_failures.append(failure)

    def drop(self, due_ns: int) -> None:
        """Take an attempt that was due and never started."""
        if due_ns < self._from_ns:
            return
        self._time.begin_with(due_ns)
        self._dropped += 1
        self._chronicle.add_dropped(due_ns)

    def unfinished(self, due_ns: int) -> None:
        """Take an attempt that was cut off: how often it was tried counts no more than itself."""
        self._asides.end_badly(len(self._done), counts=False)
        if due_ns < self._from_ns:
            return
        self._time.begin_with(due_ns)
        self._unfinished += 1
        self._chronicle.add_unfinished(due_ns)

    def tried_again(self, sqlstates: Sequence[str]) -> None:
        """Take why the attempt whose end is taken next was tried again, each time."""
        self._asides.tried_again(len(self._done), sqlstates)

    def processed(self, records: int) -> None:
        """Take what the function of the attempt whose end is taken next says it has processed."""
        self._asides.processed(len(self._done), records)

    @property
    def waiting(self) -> int:
        """How many ok attempts wait to be drained."""
        return len(self._done)

    def drain(self) -> None:
        """Move what was appended into the histograms; call off the hot path, at least once a second."""
        firsts = [instants[0] for instants in (self._due or self._started, self._bad_due) if instants]
        if firsts:
            self._time.begin_with(min(firsts))
        if self._done:
            self._drain_ok()
        if self._bad_done:
            due, done = _take(self._bad_due), _take(self._bad_done)
            self._bad_response.add(done - due)
            self._chronicle.add_bad(due, done)
            if self._raw is not None:
                self._raw.keep_bad(self._operation, due, done, self._raw_failures)
                self._raw_failures = []

    def _drain_ok(self) -> None:
        # Arrays are emptied in place: clients hold their bound append. Nothing runs in between, there is no await.
        started, done = _take(self._started), _take(self._done)
        due = _take(self._due) if self._due else started
        acquired = _take(self._acquired) if self._acquired else started
        is_scheduled, is_shared = due is not started, acquired is not started
        self._asides.end_well(due, self._from_ns)
        if self._from_ns:
            kept = due >= self._from_ns
            due, started, acquired, done = (part[kept] for part in (due, started, acquired, done))
            if not len(done):
                return
        response = done - due
        self._response.add(response)
        if is_scheduled:
            self._scheduled = True
            self._lateness.add(started - due)
        if is_shared:
            self._shared = True
            self._pool_wait.add(acquired - started)
        if is_scheduled or is_shared:
            self._service.add(done - acquired)
        for limit_ns in self._limits_ns:
            self._slower_than[limit_ns] += int(np.count_nonzero(response > limit_ns))
        self._chronicle.add_ok(due, done)
        if self._raw is not None:
            self._raw.keep_ok(self._operation, due, started, acquired, done)

    def take(self) -> tuple[Measurement, dict[int, SecondCounts]]:
        """Return what the interval since the last call showed, drained, and its counts by second of measured time.

        `attempts = ok + failures`, asserted: no attempt is missing from the histograms.
        """
        self.drain()
        seconds, stages = self._chronicle.take()
        measurement = self._take_measurement(stages)
        due = measurement.attempts + self._dropped + self._unfinished
        if sum(second.due for second in seconds.values()) != due:
            raise InternalError("an attempt that was due is missing from the seconds")
        self._begin_interval()
        return measurement, seconds

    def restart(self) -> Measurement:
        """Return what was recorded so far and forget it: the warm-up is over."""
        measurement, _ = self.take()
        self._known.clear()
        return measurement

    def _take_measurement(self, stages: tuple[StageMeasurement, ...]) -> Measurement:
        response, bad_response = self._response.take(), self._bad_response.take()
        ok, bad = response.moments.count, self._failures.total()
        if sum(response.counts.values()) + sum(bad_response.counts.values()) != ok + bad:
            raise InternalError("a recorded attempt is missing from the histograms")
        split = self._scheduled or self._shared
        return Measurement(
            operation=self._operation,
            attempts=ok + bad,
            starved=sum(n for failure, n in self._failures.items() if failure.outcome is Outcome.STARVED),
            unfinished=self._unfinished,
            dropped=self._dropped,
            failures=dict(self._failures),
            retried=self._asides.retried,
            retries=dict(self._asides.retries),
            records_processed=self._asides.records,
            response=response,
            # where nothing was late or waited for a turn, by the load model, all of the response is service
            lateness=self._lateness.take() if self._scheduled else zeros(ok),
            pool_wait=self._pool_wait.take() if self._shared else zeros(ok),
            service=self._service.take() if split else response,
            failed_response=bad_response,
            slower_than=dict(self._slower_than),
            stages=stages,
            measured_ns=self._time.elapsed_ns,
        )


def _take(instants: array[int]) -> Integers:
    taken = np.array(instants, dtype=np.int64)
    del instants[:]
    return taken
