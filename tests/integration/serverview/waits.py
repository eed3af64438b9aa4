"""What tests wait for before they look: the state of the server, and a second of a clock driven by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    import asyncpg

    from perfengine.serverview.watch import ServerSample, ServerWatch
    from tests.doubles.clock import FakeClock

DEADLINE_S = 20.0
#: Of a wait for a lock the lock table knows first, then its beginning is noted, then the session is shown to wait.
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


async def until_waiting(connection: asyncpg.Connection, sessions: int) -> None:
    """Return when that many sessions of the database wait for a lock. Fails after 20 s.

    `connection` is a superuser's, and not in a transaction: within one the view shows what it showed first.
    """
    with anyio.fail_after(DEADLINE_S):
        while await connection.fetchval(WAITING) != sessions:  # noqa: ASYNC110 - it happens in the server
            await anyio.sleep(0.002)


async def a_second_later(watch: ServerWatch, clock: FakeClock) -> ServerSample:
    """Return a sample a second of the clock after the one before: its rates are what was counted in between."""
    clock.advance(NS_PER_S)
    return await watch.sample()
