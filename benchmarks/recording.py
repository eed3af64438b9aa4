"""What recording an attempt costs: the appends of the load loop and its share of the histograms.

`python -m benchmarks.recording` prints nanoseconds an attempt: of a closed load whose clients hold their connections,
which leaves two instants, and of an open load on shared connections, which leaves four. What was appended is moved
into the histograms ten times a second and handed out once a second, as in a load process. The empty loop around the
appends is timed alike and taken off. It exits with 1 when the limit is missed.
"""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from random import Random
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final

from benchmarks.intervals import spread_of
from benchmarks.report_limit import Observation, conclude
from perfengine.metrics.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    #: When it was due, when it began, when it had its connection, when it ended; ns.
    Attempt = tuple[int, int, int, int]

LIMIT_NS: Final = 300.0
#: Attempts between two drains: a tenth of a second at 25 000 attempts a second.
BATCH: Final = 2_500
BATCHES: Final = 400
BATCHES_AN_INTERVAL: Final = 10
_GAP_NS: Final = 40_000
#: Log-normal latencies about 2 ms, as 50 clients see on two cores, lateness and waits for a turn of a tenth of it.
_LOG_MEDIAN_NS: Final = 14.5
_LOG_MEDIAN_PART_NS: Final = 12.2
_LOG_SIGMA: Final = 0.5


def draw_attempts(seed: int) -> Sequence[Attempt]:
    """Return the attempts of one batch."""
    rng = Random(seed)
    return [_attempt(rng, number * _GAP_NS) for number in range(BATCH)]


def _attempt(rng: Random, due_ns: int) -> Attempt:
    started_ns = due_ns + int(rng.lognormvariate(_LOG_MEDIAN_PART_NS, _LOG_SIGMA))
    acquired_ns = started_ns + int(rng.lognormvariate(_LOG_MEDIAN_PART_NS, _LOG_SIGMA))
    return due_ns, started_ns, acquired_ns, acquired_ns + int(rng.lognormvariate(_LOG_MEDIAN_NS, _LOG_SIGMA))


def held_ns(attempts: Sequence[Attempt]) -> float:
    """Return the cost of an attempt that leaves two instants."""
    recorder = Recorder("held")
    keep_started, keep_done = recorder.keep_started, recorder.keep_done

    def append() -> None:
        for _due_ns, started_ns, _acquired_ns, done_ns in attempts:
            keep_started(started_ns)
            keep_done(done_ns)

    return _recording_ns(recorder, append, attempts)


def scheduled_ns(attempts: Sequence[Attempt]) -> float:
    """Return the cost of an attempt that leaves four instants."""
    recorder = Recorder("scheduled")
    keep_due, keep_started = recorder.keep_due, recorder.keep_started
    keep_acquired, keep_done = recorder.keep_acquired, recorder.keep_done

    def append() -> None:
        for due_ns, started_ns, acquired_ns, done_ns in attempts:
            keep_due(due_ns)
            keep_started(started_ns)
            keep_acquired(acquired_ns)
            keep_done(done_ns)

    return _recording_ns(recorder, append, attempts)


def _recording_ns(recorder: Recorder, append: Callable[[], None], attempts: Sequence[Attempt]) -> float:
    recorded, began = 0, perf_counter_ns()
    for batch in range(1, BATCHES + 1):
        append()
        recorder.drain()
        if batch % BATCHES_AN_INTERVAL == 0:
            measurement, _ = recorder.take()
            recorded += measurement.attempts
    spent = perf_counter_ns() - began
    if recorded != BATCH * BATCHES:
        raise AssertionError(f"{recorded} attempts recorded")
    return (spent - _empty_loop_ns(attempts)) / recorded


def _empty_loop_ns(attempts: Sequence[Attempt]) -> int:
    began = perf_counter_ns()
    for _ in range(BATCHES):
        for _due_ns, _started_ns, _acquired_ns, _done_ns in attempts:
            pass
    return perf_counter_ns() - began


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recording", description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    attempts = draw_attempts(seed=1)
    gc.collect()
    gc.freeze()
    costs = [(held_ns(attempts), scheduled_ns(attempts)) for _ in range(options.repeats)]
    names = ("recording an attempt, two instants", "recording an attempt, four instants")
    return conclude(
        [
            Observation(
                name=name,
                unit="ns",
                spread=spread_of([cost[place] for cost in costs]),
                at_most=LIMIT_NS,
                decimals=0,
            )
            for place, name in enumerate(names)
        ],
        options.output,
    )


if __name__ == "__main__":
    sys.exit(main())
