"""The floor of an open load: what the driver alone shows when it is asked as seldom, with perfengine's own schedule.

Waiting is perfengine's too, so that what differs is what an attempt costs beyond the driver. Prints the delays of the
measured phase in ns, as JSON.
"""

from __future__ import annotations

import argparse
import gc
import json
from itertools import cycle
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import anyio
import asyncpg

from benchmarks.scripts.orders import Orders, read_orders
from perfengine.engine.event_loop import run_async
from perfengine.execution.alarm import Alarm, open_alarm
from perfengine.model.load import Arrival, OpenLoad
from perfengine.pacing.arrivals import arrivals
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from benchmarks.scripts.orders import Values

    Fetch = Callable[..., Awaitable[Any]]
    #: When it was due, when it began, when it ended.
    Seen = tuple[int, int, int]


async def _client(
    fetch: Fetch, due: Iterator[int], attempts: Iterator[Values], alarm: Alarm, seen: list[Seen]
) -> None:
    for due_ns in due:
        await alarm.until(due_ns)
        started_ns = perf_counter_ns()
        await fetch(*next(attempts))
        seen.append((due_ns, started_ns, perf_counter_ns()))


async def _load(orders: Orders, rate_per_s: float, seed: int) -> None:
    connections = [await asyncpg.connect(orders.dsn) for _ in range(orders.clients)]
    fetches = [(await connection.prepare(orders.tasks[0].sql)).fetch for connection in connections]
    alarm = open_alarm()
    seen: list[Seen] = []
    attempts = cycle([values for _, values in orders.items])
    seconds = orders.warmup_s + orders.measured_s
    load = OpenLoad(rate_per_s=rate_per_s, arrival=Arrival.POISSON)
    schedule = arrivals(load, seed=seed, stream="arrivals", duration_ns=int(seconds * NS_PER_S))
    gc.collect()
    gc.freeze()
    begin_ns = perf_counter_ns()
    due = (begin_ns + instant_ns for instant_ns in schedule)
    async with anyio.create_task_group() as clients:
        for fetch in fetches:
            clients.start_soon(_client, fetch, due, attempts, alarm, seen)
    alarm.close()
    for connection in connections:
        await connection.close()
    measured_ns = begin_ns + int(orders.warmup_s * NS_PER_S)
    kept = [each for each in seen if each[0] >= measured_ns]
    delays = {
        "lateness": [started_ns - due_ns for due_ns, started_ns, _ in kept],
        "service": [ended_ns - started_ns for _, started_ns, ended_ns in kept],
    }
    print(json.dumps(delays))


def main() -> None:
    """Run the load."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    run_async(_load, read_orders(), options.rate, options.seed)


if __name__ == "__main__":
    main()
