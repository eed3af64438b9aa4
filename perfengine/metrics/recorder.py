"""The recorder: integers in, counts out. The only mutable state of a measure phase besides the scheduler.

An ok attempt costs two appends to arrays of 64-bit integers. `drain` moves them into histograms a few times a
second, vectorised, so that memory is bounded whatever the duration.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from perfengine.errors import InternalError
from perfengine.metrics.counts import Counts
from perfengine.model.measurement import LatencyCounts, Measurement, SecondCounts
from perfengine.model.outcome import Failure, Outcome
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

#: Distinct failures kept by text; the rest are counted under their class alone.
MAX_DISTINCT_FAILURES = 200


def count_values(values_ns: array[int]) -> LatencyCounts:
    """Return the histogram of an array of durations in ns."""
    counts = Counts()
    counts.add(np.array(values_ns, dtype=np.int64))
    return counts.freeze()


class Recorder:
    """Records the attempts of one operation in one process.

    `begin_round` marks where measured time resumes after a pause, so that seconds count measured time only. A
    recorder that was never told so begins with its first attempt: the clock's own origin may be months ago.
    """

    def __init__(self, operation: str, limits_ns: Sequence[int] = ()) -> None:
        self._operation = operation
        self._started, self._ended = array("q"), array("q")
        self._bad_started, self._bad_ended = array("q"), array("q")
        self._ok_counts, self._bad_counts = Counts(), Counts()
        self._interval = Counts()
        self._slower_than = dict.fromkeys(limits_ns, 0)
        self._failures: Counter[Failure] = Counter()
        self._seconds: list[list[int]] = []
        self._unfinished = 0
        self._begun = False
        self._round_origin_ns = 0
        self._measured_before_ns = 0
        self._last_ended_ns = 0
        self._ok = 0

    @property
    def keep_started(self) -> Callable[[int], None]:
        """The append that takes the start of an ok attempt."""
        return self._started.append

    @property
    def keep_ended(self) -> Callable[[int], None]:
        """The append that takes its end."""
        return self._ended.append

    def fail(self, failure: Failure, started_ns: int, ended_ns: int) -> None:
        """Take an attempt that was not ok."""
        self._bad_started.append(started_ns)
        self._bad_ended.append(ended_ns)
        if len(self._failures) >= MAX_DISTINCT_FAILURES and failure not in self._failures:
            failure = Failure(
                outcome=failure.outcome,
                sqlstate=failure.sqlstate,
                error_class=failure.error_class,
                message="(further texts)",
            )
        self._failures[failure] += 1

    def unfinished(self) -> None:
        """Take an attempt that was cut off."""
        self._unfinished += 1

    def begin_round(self, now_ns: int) -> None:
        """Resume measured time at `now_ns`; seconds go on where the last round ended."""
        self._begun = True
        self._round_origin_ns = self._last_ended_ns = now_ns

    def end_round(self) -> None:
        """Stop measured time at the end of the last attempt."""
        self.drain()
        self._measured_before_ns += self._last_ended_ns - self._round_origin_ns
        self._round_origin_ns = self._last_ended_ns

    @property
    def measured_ns(self) -> int:
        """Measured time so far, in ns: rounds, without the pauses between them."""
        return self._measured_before_ns + self._last_ended_ns - self._round_origin_ns

    @property
    def totals(self) -> tuple[int, int]:
        """How many attempts were ok, and how many were not, as of the last drain."""
        return self._ok, self._failures.total()

    def drain(self) -> None:
        """Move what was appended into the histograms; call off the hot path, at least once a second."""
        if not self._begun:
            self._begin_with_first_attempt()
        if self._started:
            ended_ns, latency_ns = self._take(self._started, self._ended)
            self._ok += len(ended_ns)
            self._ok_counts.add(latency_ns)
            self._interval.add(latency_ns)
            for limit_ns in self._slower_than:
                self._slower_than[limit_ns] += int(np.count_nonzero(latency_ns > limit_ns))
            self._count_seconds(ended_ns, slot=0)
        if self._bad_started:
            ended_ns, latency_ns = self._take(self._bad_started, self._bad_ended)
            self._bad_counts.add(latency_ns)
            self._count_seconds(ended_ns, slot=1)

    def _begin_with_first_attempt(self) -> None:
        firsts = [min(instants) for instants in (self._started, self._bad_started) if instants]
        if firsts:
            self.begin_round(min(firsts))

    def _take(self, started: array[int], ended: array[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        # Arrays are emptied in place: clients hold their bound append. Nothing runs between copy and delete,
        # for there is no await.
        ended_ns = np.array(ended, dtype=np.int64)
        latency_ns = ended_ns - np.array(started, dtype=np.int64)
        del started[:], ended[:]
        self._last_ended_ns = max(self._last_ended_ns, int(ended_ns.max()))
        return ended_ns, latency_ns

    def _count_seconds(self, ended_ns: NDArray[np.int64], slot: int) -> None:
        offset_ns = self._measured_before_ns - self._round_origin_ns
        per_second = np.bincount((ended_ns + offset_ns) // NS_PER_S)
        while len(self._seconds) < len(per_second):
            self._seconds.append([0, 0])
        for second in np.flatnonzero(per_second).tolist():
            self._seconds[second][slot] += int(per_second[second])

    def take_interval(self) -> LatencyCounts:
        """Return the ok latencies since the last call."""
        interval, self._interval = self._interval, Counts()
        return interval.freeze()

    def freeze(self) -> Measurement:
        """Return everything recorded so far, drained. `attempts = ok + failures`, asserted."""
        self.drain()
        ok_counts, bad_counts = self._ok_counts.freeze(), self._bad_counts.freeze()
        bad = self._failures.total()
        attempts = ok_counts.moments.count + bad
        if sum(ok_counts.counts.values()) + sum(bad_counts.counts.values()) != attempts:
            raise InternalError("a recorded attempt is missing from the histograms")
        return Measurement(
            operation=self._operation,
            attempts=attempts,
            starved=sum(n for failure, n in self._failures.items() if failure.outcome is Outcome.STARVED),
            unfinished=self._unfinished,
            failures=dict(self._failures),
            response=ok_counts,
            failed_response=bad_counts,
            slower_than=dict(self._slower_than),
            seconds=self._frozen_seconds(),
            measured_ns=self.measured_ns,
        )

    def _frozen_seconds(self) -> tuple[SecondCounts, ...]:
        seconds = [SecondCounts(due=ok + bad, ok=ok, bad=bad) for ok, bad in self._seconds]
        if self._unfinished:  # they were due, and never ended: the last second owes them
            last = seconds.pop() if seconds else SecondCounts()
            seconds.append(replace(last, due=last.due + self._unfinished))
        return tuple(seconds)
