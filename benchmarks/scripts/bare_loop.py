"""The floor that the driver allows: asyncpg, held connections, a prepared statement, two clock reads, one append.

No check of the reply, no error handling, no stop rule beyond the end of the process: what a load generator adds to
this is its own cost.
"""

from __future__ import annotations

import asyncio
from array import array
from itertools import cycle
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import asyncpg
import uvloop

from benchmarks.marks import Edge, print_mark
from benchmarks.scripts.orders import Orders, read_orders

if TYPE_CHECKING:
    from collections.abc import Sequence


async def _client(statement: Any, arguments: Sequence[tuple[Any, ...]], latencies_ns: array[int]) -> None:  # noqa: ANN401 - asyncpg has no types
    fetch = statement.fetch
    append = latencies_ns.append
    for values in cycle(arguments):
        started = perf_counter_ns()
        await fetch(*values)
        append(perf_counter_ns() - started)


async def _load(orders: Orders) -> None:
    connections = [await asyncpg.connect(orders.dsn) for _ in range(orders.clients)]
    statements = [await connection.prepare(orders.sql) for connection in connections]
    recorded = [array("q") for _ in connections]
    clients = [
        asyncio.ensure_future(_client(statement, orders.of_client(index), recorded[index]))
        for index, statement in enumerate(statements)
    ]
    await _pass_time(clients, orders.warmup_s)
    print_mark(Edge.START, sum(map(len, recorded)))
    await _pass_time(clients, orders.measured_s)
    print_mark(Edge.END, sum(map(len, recorded)))
    for connection in connections:
        connection.terminate()
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)


async def _pass_time(clients: Sequence[asyncio.Future[None]], seconds: float) -> None:
    """Wait; a client that ends before the time has failed, and its exception leaves from here."""
    done, _ = await asyncio.wait(clients, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for client in done:
        client.result()


if __name__ == "__main__":
    uvloop.run(_load(read_orders()))
