"""The floor of a transaction: BEGIN, prepared statements one after the other, COMMIT; two clock reads, one append.

BEGIN and COMMIT go through `execute` without arguments, as asyncpg's own `transaction()` sends them.
"""

from __future__ import annotations

from itertools import cycle
from operator import itemgetter
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Coroutine, Sequence

    import asyncpg

    from benchmarks.scripts.orders import Item, Statement, Task, Values


async def transaction_client(
    connection: asyncpg.Connection, task: Task, items: Sequence[Item], latencies_ns: array[int]
) -> Coroutine[Any, Any, None]:
    """Return the loop of a client whose statements are prepared."""
    steps = [
        ((await connection.prepare(statement.sql)).fetch, _choice(statement)) for statement in task.statements
    ]
    execute, append = connection.execute, latencies_ns.append

    async def loop() -> None:
        for _, values in cycle(items):
            started = perf_counter_ns()
            await execute("BEGIN")
            for fetch, choose in steps:
                await fetch(*choose(values))
            await execute("COMMIT")
            append(perf_counter_ns() - started)

    return loop()


def _choice(statement: Statement) -> Callable[[Values], Values]:
    """Return the function that takes the statement's own arguments out of those of the transaction."""
    if len(statement.bindings) > 1:
        return itemgetter(*statement.bindings)
    return itemgetter(slice(statement.bindings[0], statement.bindings[0] + 1))
