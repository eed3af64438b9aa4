"""The end of a run that gives way: what it leaves to the server may hold others up no longer."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.database.address import address_of
from perfengine.database.giving_way import OwnSessions
from perfengine.database.sandbox import new_run_id
from perfengine.engine.load_group import LoadGroup
from perfengine.engine.safety_stop import SafetyStop
from perfengine.model.safety import SafetyLimits
from perfengine.serverview.watch import ServerSample

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Connect = Callable[[str], Awaitable[asyncpg.Connection]]

pytestmark = pytest.mark.anyio

UPDATE = "UPDATE thing SET name = name || current_setting('application_name')"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
async def connect(anyio_backend: object, database: str) -> AsyncIterator[Connect]:
    """Yield what gives sessions by their names."""
    del anyio_backend
    async with AsyncExitStack() as stack:

        async def one(name: str) -> asyncpg.Connection:
            session = await asyncpg.connect(database, server_settings={"application_name": name})
            stack.callback(session.terminate)
            return session

        yield one


async def try_to_update(session: asyncpg.Connection) -> None:
    """Update the thing, unless the session is ended before."""
    try:
        await session.execute(UPDATE)
    except asyncpg.PostgresConnectionError:
        return


async def test_clients_that_were_cut_off_hold_nobody_up(database: str, connect: Connect) -> None:
    """Two of them, the one waiting for the other; no sample has seen yet that somebody waits for both."""
    run_id = new_run_id()
    onlooker, theirs = await connect("onlooker"), await connect("theirs")
    holds, queues = await connect(f"perfengine/{run_id}/load"), await connect(f"perfengine/{run_id}/load")
    await onlooker.execute("CREATE TABLE thing (name text); INSERT INTO thing VALUES ('')")
    await holds.execute(f"BEGIN; {UPDATE}")
    await queues.execute("BEGIN")
    address = address_of(database, "--dsn", {})
    safety = SafetyStop(SafetyLimits(), address)
    safety.look(ServerSample(at_s=0.0, values={"standbys": 1.0}, reasons={}))
    safety.look(ServerSample(at_s=1.0, values={"slot_lag_bytes": 2e9}, reasons={}))
    told = anyio.Event()

    async def waiting(count: int) -> None:
        while await onlooker.fetchval(WAITING) < count:  # noqa: ASYNC110 - it happens in the server
            await anyio.sleep(0.005)

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(try_to_update, queues)
            await waiting(1)
            tasks.start_soon(try_to_update, theirs)
            await waiting(2)
            async with safety.guarding(
                LoadGroup([]), lambda _: told.set(), address, OwnSessions(run_id=run_id)
            ):
                await told.wait()
    assert await onlooker.fetchval("SELECT name FROM thing") == "theirs"
