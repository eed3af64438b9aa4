"""Streams of attempts as clients would leave them: rounds with pauses between, attempts ending one after another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from perfengine.metrics.measured_time import MeasuredTime
from perfengine.metrics.recorder import Recorder
from perfengine.model.measurement import SecondCounts
from perfengine.model.outcome import Failure, Outcome
from perfengine.stats.hdr import HIGHEST_NS
from perfengine.units import NS_PER_S
from tests.builders import make_failure
from tests.unit.metrics.intervals import sum_up, take_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.measurement import Interval, Measurement

FAILURES = tuple(
    make_failure(outcome, message=message)
    for outcome in Outcome
    if outcome is not Outcome.OK
    for message in ("one text", "another text")
)
#: The clock at the first attempt: a machine that has been up for half a year.
UP_NS = 180 * 86_400 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Load:
    """Which instants attempts leave besides their start and end."""

    scheduled: bool = False
    shared: bool = False


CLOSED = Load()
LOADS = [Load(scheduled, shared) for scheduled in (False, True) for shared in (False, True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that ends `gap_ns` after the one before it; `taken`: the recorder is asked for an interval then."""

    gap_ns: int
    service_ns: int
    late_ns: int = 0
    wait_ns: int = 0
    failure: Failure | None = None
    drained: bool = False
    taken: bool = False
    operation: int = 0
    again: tuple[str, ...] = ()  #: why it was tried again
    records: int = 0  #: that it has processed, if it is ok

    def response_ns(self, load: Load) -> int:
        """Return how long it took from when it was due."""
        return self.service_ns + self.wait_ns * load.shared + self.late_ns * load.scheduled


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Attempts after a pause; then more that do not end, and more that are never started, due at that instant.

    Those that do not end had been tried again before.
    """

    pause_ns: int
    attempts: tuple[Attempt, ...]
    cut_off: int = 0
    dropped: int = 0


durations = st.one_of(st.integers(0, 5_000), st.integers(0, 2 * NS_PER_S))
attempts = st.builds(
    Attempt,
    gap_ns=st.integers(0, NS_PER_S),
    service_ns=durations | st.integers(HIGHEST_NS - 5, 2 * HIGHEST_NS),
    late_ns=durations,
    wait_ns=durations,
    failure=st.none() | st.sampled_from(FAILURES),
    drained=st.booleans(),
    taken=st.booleans(),
    operation=st.integers(0, 2),
    again=st.lists(st.sampled_from(["40001", "40P01"]), max_size=3).map(tuple),
    records=st.integers(0, 9),
)
rounds = st.builds(
    Round,
    pause_ns=st.integers(0, 100 * NS_PER_S),
    attempts=st.lists(attempts, max_size=12).map(tuple),
    cut_off=st.integers(0, 2),
    dropped=st.integers(0, 2),
)
streams = st.lists(rounds, max_size=4)
loads = st.sampled_from(LOADS)


@dataclass
class Desk:
    """The recorders of one load process, for operations "a", "b" and "c", or the first of them."""

    load: Load
    limits_ns: Sequence[int] = ()
    stage_ends_ns: Sequence[int] = ()
    process: int = 0
    operations: Sequence[str] = "a"

    def __post_init__(self) -> None:
        self.time = MeasuredTime()
        self.recorders = [
            Recorder(name, self.limits_ns, time=self.time, stage_ends_ns=self.stage_ends_ns)
            for name in self.operations
        ]

    def play(self, stream: list[Round], *, cut: bool = True) -> Iterator[Interval]:
        """Let the recorders take the whole stream; yield intervals where it says so, and one at its end."""
        now_ns = UP_NS
        for one in stream:
            now_ns += one.pause_ns
            self.time.begin_round(now_ns)
            for attempt in one.attempts:
                now_ns += attempt.gap_ns
                self._take(attempt, now_ns)
                if attempt.taken and cut:
                    yield self.interval()
            for recorder in self.recorders[:1]:
                for _ in range(one.cut_off):
                    recorder.tried_again(["40001"])
                    recorder.unfinished(now_ns)
                for _ in range(one.dropped):
                    recorder.drop(now_ns)
            self._drain()
            self.time.end_round()
        yield self.interval()

    def interval(self) -> Interval:
        """Return what was recorded since the last one."""
        return take_interval(self.recorders, process=self.process)

    def _take(self, attempt: Attempt, done_ns: int) -> None:
        recorder = self.recorders[attempt.operation % len(self.recorders)]
        due_ns = done_ns - attempt.response_ns(self.load)
        if attempt.again:
            recorder.tried_again(attempt.again)
        if attempt.failure is not None:
            recorder.fail(attempt.failure, due_ns, done_ns)
        else:
            recorder.processed(attempt.records)
            if self.load.scheduled:
                recorder.keep_due(due_ns)
            recorder.keep_started(due_ns + attempt.late_ns * self.load.scheduled)
            if self.load.shared:
                recorder.keep_acquired(done_ns - attempt.service_ns)
            recorder.keep_done(done_ns)
        if attempt.drained:
            self._drain()

    def _drain(self) -> None:
        for recorder in self.recorders:
            recorder.drain()


def record(stream: list[Round], load: Load = CLOSED, limits_ns: Sequence[int] = ()) -> Measurement:
    """Return what a recorder makes of a stream of one operation, told interval by interval."""
    (measurement,) = sum_up(Desk(load, limits_ns).play(stream), ["a"])
    return measurement


def ok_attempts(stream: list[Round]) -> list[Attempt]:
    """Return the ok attempts."""
    return [a for one in stream for a in one.attempts if a.failure is None]


def failures_of(stream: list[Round]) -> Counter[Failure]:
    """Return how often each failure is in the stream."""
    return Counter(a.failure for one in stream for a in one.attempts if a.failure is not None)


def measured_ns_of(stream: list[Round]) -> int:
    """Return the time from the begin of each round to its last attempt, in all."""
    return sum(attempt.gap_ns for one in stream for attempt in one.attempts)


def seconds_of(stream: list[Round]) -> list[SecondCounts]:
    """Return the attempts by the second of measured time in which they ended, or were due and did not."""
    found: dict[int, Counter[str]] = {}
    measured_ns = 0
    for one in stream:
        for attempt in one.attempts:
            measured_ns += attempt.gap_ns
            found.setdefault(measured_ns // NS_PER_S, Counter())["bad" if attempt.failure else "ok"] += 1
        if one.cut_off or one.dropped:
            last = found.setdefault(measured_ns // NS_PER_S, Counter())
            last["cut off"] += one.cut_off
            last["dropped"] += one.dropped
    counted = [found.get(n, Counter()) for n in range(max(found, default=-1) + 1)]
    return [SecondCounts(due=c.total(), ok=c["ok"], bad=c["bad"], dropped=c["dropped"]) for c in counted]
