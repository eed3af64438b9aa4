"""Transactions that are over when their block is, also when it is cancelled.

A signal cancels what is under way, and then everything is cleaned up over the same connection. The driver's own block
sends its ROLLBACK with the task still cancelled: nobody waits for it, and the transaction stays open.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import anyio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    import asyncpg

#: A server that does not roll back within so long has gone silent; the connection is given up.
ROLLBACK_TIMEOUT_S: Final = 10


@asynccontextmanager
async def transaction(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Give a transaction for the block, or a savepoint in an open one: committed, or rolled back when it raises."""
    begun = await _begun(connection)
    try:
        yield
    except BaseException:
        await _end(connection, begun.rollback)
        raise
    await begun.commit()


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Give a transaction for the block, and roll it back after it, whatever happened."""
    begun = await _begun(connection)
    try:
        yield
    finally:
        await _end(connection, begun.rollback)


@asynccontextmanager
async def between(connection: asyncpg.Connection, begin: str, end: str) -> AsyncIterator[None]:
    """Run a statement before the block and one after it, whatever happened: where the driver must not know of it."""
    try:
        await connection.execute(begin)
        yield
    finally:
        await _end(connection, lambda: connection.execute(end))


async def _begun(connection: asyncpg.Connection) -> Any:  # noqa: ANN401 - the driver's own
    begun = connection.transaction()
    try:
        await begun.start()
    except anyio.get_cancelled_exc_class():
        connection.terminate()  # whether it has begun, nobody knows
        raise
    return begun


async def _end(connection: asyncpg.Connection, roll_back: Callable[[], Awaitable[object]]) -> None:
    if connection.is_closed():
        return
    with anyio.move_on_after(ROLLBACK_TIMEOUT_S, shield=True) as waiting:
        await roll_back()
    if waiting.cancelled_caught:
        connection.terminate()
