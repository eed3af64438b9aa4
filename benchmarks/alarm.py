"""How late a waiter goes on, and what waiting costs: the kernel's timer beside the event loop's own, on uvloop.

`python -m benchmarks.alarm` waits for a thousand instants a second: once as the scheduler of an open load does, one
waiter for the next instant, and once as a thousand users do who think, each a second. Both timers take turns, round
by round. CPU is all that the process used, the event loop included, over the number of waits.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING, Final

import anyio

from benchmarks.intervals import spread_of
from perfengine.engine.event_loop import run_async
from perfengine.execution.alarm import Alarm, LoopTimer
from perfengine.execution.timerfd import TimerFd
from perfengine.units import NS_PER_S, NS_PER_US

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.execution.alarm import Timer

TIMERS: Final[dict[str, Callable[[], Timer]]] = {
    "event loop": lambda: LoopTimer(time.perf_counter_ns),
    "timerfd": TimerFd,
}
WAITERS: Final = (1, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round showed; µs."""

    late_p50_us: float
    late_p99_us: float
    cpu_us: float


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alarm", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rate", type=int, default=1000, help="instants a second")
    options = parser.parse_args()
    arms = [(timer, waiters) for waiters in WAITERS for timer in TIMERS]
    rounds: dict[tuple[str, int], list[Round]] = {arm: [] for arm in arms}
    for _ in range(options.rounds):
        for arm in arms:
            rounds[arm].append(run_async(take_round, *arm, options.rate, options.seconds))
    print(f"{'timer':<12}{'waiters':>8}  {'late p50 µs':>22}  {'late p99 µs':>22}  {'CPU µs a wait':>22}")
    for (timer, waiters), seen in rounds.items():
        cells = [_cell([getattr(r, name) for r in seen]) for name in Round.__dataclass_fields__]
        print(f"{timer:<12}{waiters:>8}  {'  '.join(cells)}")
    return 0


async def take_round(timer: str, waiters: int, rate_per_s: int, seconds: int) -> Round:
    """Return how late the waiters of one round were; waiter number n has every `waiters`-th instant from n on."""
    alarm = Alarm(time.perf_counter_ns, TIMERS[timer]())
    late_ns: list[int] = []
    begin_ns = time.perf_counter_ns() + NS_PER_S // 2  # by then all waiters wait

    async def wait(first: int) -> None:
        for number in range(first, rate_per_s * seconds, waiters):
            due_ns = begin_ns + number * NS_PER_S // rate_per_s
            await alarm.until(due_ns)
            late_ns.append(time.perf_counter_ns() - due_ns)

    async with anyio.create_task_group() as tasks:
        for first in range(waiters):
            tasks.start_soon(wait, first)
        await alarm.until(begin_ns)
        cpu_ns = time.process_time_ns()
    cpu_ns = time.process_time_ns() - cpu_ns
    alarm.close()
    percentiles = quantiles(late_ns, n=100)
    return Round(
        late_p50_us=percentiles[49] / NS_PER_US,
        late_p99_us=percentiles[98] / NS_PER_US,
        cpu_us=cpu_ns / len(late_ns) / NS_PER_US,
    )


def _cell(values: list[float]) -> str:
    spread = spread_of(values)
    return f"{f'{spread.median:.0f} [{spread.low:.0f}, {spread.high:.0f}]':>22}"


if __name__ == "__main__":
    sys.exit(main())
