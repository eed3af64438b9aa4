"""The floor that the driver allows: asyncpg, held connections, prepared statements, two clock reads, one append.

No check of the reply, no error handling, no stop rule beyond the end of the process: what a load generator adds to
this is its own cost. `--processes N` forks; each process has its share of the clients and prints marks of its own.
"""

from __future__ import annotations

import argparse
import asyncio
from array import array
from itertools import cycle
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import asyncpg
import uvloop

from benchmarks.marks import Edge, print_mark
from benchmarks.scripts.bare_processes import run_processes
from benchmarks.scripts.bare_transaction import transaction_client
from benchmarks.scripts.orders import Orders, read_orders

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from benchmarks.scripts.orders import Item

    Fetch = Callable[..., Awaitable[Any]]


async def _client(fetch: Fetch, items: Sequence[Item], latencies_ns: array[int]) -> None:
    append = latencies_ns.append
    for values in cycle([values for _, values in items]):
        started = perf_counter_ns()
        await fetch(*values)
        append(perf_counter_ns() - started)


async def _client_of_mix(
    fetches: Sequence[Fetch], items: Sequence[Item], latencies_ns: Sequence[array[int]]
) -> None:
    appends = [latencies.append for latencies in latencies_ns]
    for number, values in cycle(items):
        started = perf_counter_ns()
        await fetches[number](*values)
        appends[number](perf_counter_ns() - started)


async def _begin_client(
    orders: Orders, index: int, connection: asyncpg.Connection, latencies_ns: Sequence[array[int]]
) -> Coroutine[Any, Any, None]:
    """Return the loop of a client whose statements are prepared."""
    items, tasks = orders.of_client(index), orders.tasks
    if tasks[0].explicit:
        return await transaction_client(connection, tasks[0], items, latencies_ns[0])
    fetches = [(await connection.prepare(task.sql)).fetch for task in tasks]
    if len(fetches) == 1:
        return _client(fetches[0], items, latencies_ns[0])
    return _client_of_mix(fetches, items, latencies_ns)


async def _load(orders: Orders, clients: Sequence[int], all_ready: Callable[[], object]) -> None:
    """Run the clients of those numbers. `all_ready` blocks until every process has its connections."""
    connections = [await asyncpg.connect(orders.dsn) for _ in clients]
    recorded = [[array("q") for _ in orders.tasks] for _ in connections]
    loops = [
        await _begin_client(orders, index, connection, latencies_ns)
        for index, connection, latencies_ns in zip(clients, connections, recorded, strict=True)
    ]
    all_ready()
    running = [asyncio.ensure_future(loop) for loop in loops]
    await _pass_time(running, orders.warmup_s)
    print_mark(Edge.START, _count(recorded))
    await _pass_time(running, orders.measured_s)
    print_mark(Edge.END, _count(recorded))
    for connection in connections:
        connection.terminate()
    for client in running:
        client.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _count(recorded: Sequence[Sequence[array[int]]]) -> int:
    return sum(len(latencies) for client in recorded for latencies in client)


async def _pass_time(clients: Sequence[asyncio.Future[None]], seconds: float) -> None:
    """Wait; a client that ends before the time has failed, and its exception leaves from here."""
    done, _ = await asyncio.wait(clients, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for client in done:
        client.result()


def main() -> None:
    """Run the load in this process, or in several that begin together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=1)
    processes = parser.parse_args().processes
    orders = read_orders()

    def work(number: int, all_ready: Callable[[], object]) -> None:
        uvloop.run(_load(orders, range(number, orders.clients, processes), all_ready))

    if processes == 1:
        work(0, lambda: None)
    else:
        raise SystemExit(run_processes(work, processes))


if __name__ == "__main__":
    main()
