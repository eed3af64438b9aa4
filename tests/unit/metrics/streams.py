"""Streams of attempts as clients would leave them: rounds with pauses between, attempts ending one after another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from perfengine.model.measurement import SecondCounts
from perfengine.model.outcome import Failure, Outcome
from perfengine.units import NS_PER_S
from tests.builders import make_failure

if TYPE_CHECKING:
    from perfengine.metrics.recorder import Recorder

FAILURES = tuple(
    make_failure(outcome, message=message)
    for outcome in Outcome
    if outcome is not Outcome.OK
    for message in ("one text", "another text")
)
#: The clock at the first attempt: a machine that has been up for half a year.
UP_NS = 180 * 86_400 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that ends `gap_ns` after the one before it; `drained`: the recorder is drained then."""

    gap_ns: int
    latency_ns: int
    failure: Failure | None = None
    drained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Attempts after a pause; `cut_off` more did not end."""

    pause_ns: int
    attempts: tuple[Attempt, ...]
    cut_off: int = 0


attempts = st.builds(
    Attempt,
    gap_ns=st.integers(0, NS_PER_S),
    latency_ns=st.integers(0, 2 * NS_PER_S),
    failure=st.one_of(st.none(), st.sampled_from(FAILURES)),
    drained=st.booleans(),
)
streams = st.lists(
    st.builds(
        Round,
        pause_ns=st.integers(0, 100 * NS_PER_S),
        attempts=st.lists(attempts, max_size=12).map(tuple),
        cut_off=st.integers(0, 2),
    ),
    max_size=4,
)


def play(recorder: Recorder, stream: list[Round]) -> None:
    """Let the recorder take the whole stream."""
    now_ns = UP_NS
    for one in stream:
        now_ns += one.pause_ns
        recorder.begin_round(now_ns)
        for attempt in one.attempts:
            now_ns += attempt.gap_ns
            if attempt.failure is None:
                recorder.keep_started(now_ns - attempt.latency_ns)
                recorder.keep_ended(now_ns)
            else:
                recorder.fail(attempt.failure, now_ns - attempt.latency_ns, now_ns)
            if attempt.drained:
                recorder.drain()
        for _ in range(one.cut_off):
            recorder.unfinished()
        recorder.end_round()


def ok_latencies(stream: list[Round]) -> list[int]:
    """Return the latencies of the ok attempts."""
    return [a.latency_ns for one in stream for a in one.attempts if a.failure is None]


def failures_of(stream: list[Round]) -> Counter[Failure]:
    """Return how often each failure is in the stream."""
    return Counter(a.failure for one in stream for a in one.attempts if a.failure is not None)


def measured_ns_of(stream: list[Round]) -> int:
    """Return the time from the begin of each round to its last attempt, in all."""
    return sum(attempt.gap_ns for one in stream for attempt in one.attempts)


def seconds_of(stream: list[Round]) -> list[SecondCounts]:
    """Return the attempts by second of measured time, one by one; those cut off are due in the last."""
    found: dict[int, Counter[bool]] = {}
    measured_ns = 0
    for one in stream:
        for attempt in one.attempts:
            measured_ns += attempt.gap_ns
            found.setdefault(measured_ns // NS_PER_S, Counter())[attempt.failure is None] += 1
    counted = [found.get(n, Counter()) for n in range(max(found, default=-1) + 1)]
    seconds = [SecondCounts(due=c.total(), ok=c[True], bad=c[False]) for c in counted]
    cut_off = sum(one.cut_off for one in stream)
    if cut_off:
        last = seconds.pop() if seconds else SecondCounts()
        seconds.append(SecondCounts(due=last.due + cut_off, ok=last.ok, bad=last.bad))
    return seconds
