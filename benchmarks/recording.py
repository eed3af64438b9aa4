"""What recording an attempt costs: the two appends of the load loop and its share of the drain into histograms.

`python -m benchmarks.recording` prints nanoseconds an attempt. The empty loop around the appends is timed alike and
taken off. It exits with 1 when the limit is missed.
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
    from collections.abc import Sequence

LIMIT_NS: Final = 300.0
#: Attempts between two drains: a tenth of a second at 25 000 attempts a second.
BATCH: Final = 2_500
BATCHES: Final = 400
#: Log-normal latencies about 2 ms, as 50 clients see on two cores.
_LOG_MEDIAN_NS: Final = 14.5
_LOG_SIGMA: Final = 0.5


def draw_attempts(seed: int) -> Sequence[tuple[int, int]]:
    """Return start and end of the attempts of one batch, in ns."""
    rng = Random(seed)
    starts = [n * 40_000 for n in range(BATCH)]
    return [(start, start + int(rng.lognormvariate(_LOG_MEDIAN_NS, _LOG_SIGMA))) for start in starts]


def recording_ns(attempts: Sequence[tuple[int, int]]) -> float:
    """Return the cost of one attempt in ns, drains included."""
    recorder = Recorder("recording")
    keep_started, keep_ended = recorder.keep_started, recorder.keep_ended
    began = perf_counter_ns()
    for _ in range(BATCHES):
        for started_ns, ended_ns in attempts:
            keep_started(started_ns)
            keep_ended(ended_ns)
        recorder.drain()
    spent = perf_counter_ns() - began
    if recorder.totals != (BATCH * BATCHES, 0):
        raise AssertionError(f"recorded {recorder.totals}")
    return (spent - _empty_loop_ns(attempts)) / (BATCH * BATCHES)


def _empty_loop_ns(attempts: Sequence[tuple[int, int]]) -> int:
    began = perf_counter_ns()
    for _ in range(BATCHES):
        for _started_ns, _ended_ns in attempts:
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
    spread = spread_of([recording_ns(attempts) for _ in range(options.repeats)])
    observation = Observation(
        name="recording an attempt", unit="ns", spread=spread, limit=LIMIT_NS, decimals=0
    )
    return conclude([observation], options.output)


if __name__ == "__main__":
    sys.exit(main())
