"""What is said of sessions and of their waits is true of the server."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio
import pytest

from perfengine.serverview.watched import series_of, summarise_watch

if TYPE_CHECKING:
    import asyncpg

    from perfengine.serverview.watch import ServerSample
    from tests.integration.serverview.conftest import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.timed]

ALL_CLIENTS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
HELD_S = 1.5


async def test_connections_are_counted_and_the_watch_is_not(stage: Stage) -> None:
    """Everybody's, and the run's own."""
    async with AsyncExitStack() as stack:
        for _ in range(7):
            await stack.enter_async_context(stage.session())
        other = await stack.enter_async_context(stage.session("psql"))
        watch = await stack.enter_async_context(stage.watch())
        values = (await watch.sample()).values
        everybody = await other.fetchval(ALL_CLIENTS)
        assert values["connection_count"] == everybody - 1
        assert values["run_connections"] == 7
        assert values["active_sessions"] == 0
        assert values["idle_in_transaction_sessions"] == 0


async def test_a_session_in_a_transaction_that_does_nothing_is_told(stage: Stage) -> None:
    """Clients that think while they hold locks explain waits."""
    async with stage.session() as session, stage.watch() as watch:
        await session.execute("BEGIN")
        assert (await watch.sample()).values["idle_in_transaction_sessions"] == 1


async def test_lock_waits_are_as_long_as_they_were(stage: Stage) -> None:
    """Two sessions of the run wait behind a lock: twice its length, within 20 %; a third is not of the run."""
    async with AsyncExitStack() as stack:
        holder = await stack.enter_async_context(stage.session("psql"))
        await holder.execute("CREATE TABLE held (id int PRIMARY KEY)")
        await holder.execute("BEGIN; LOCK TABLE held")
        sessions = [await stack.enter_async_context(stage.session()) for _ in range(2)]
        sessions.append(await stack.enter_async_context(stage.session("psql")))
        watch = await stack.enter_async_context(stage.watch())
        samples: list[ServerSample] = []
        async with anyio.create_task_group() as tasks:
            samples.append(await watch.sample())
            begun_ns = time.monotonic_ns()
            for session in sessions:
                tasks.start_soon(session.fetch, "SELECT * FROM held")
            await until_waiting(holder, 3)
            while time.monotonic_ns() - begun_ns < HELD_S * 1e9:
                samples.append(await watch.sample())
                await anyio.sleep(0.05)  # the pace of sampling
            await holder.execute("ROLLBACK")
            held_s = (time.monotonic_ns() - begun_ns) / 1e9
        samples.append(await watch.sample())
    [wait] = [one for one in summarise_watch(samples, ()) if one.metric == "lock_wait_time"]
    [longest] = [one for one in summarise_watch(samples, ()) if one.metric == "longest_lock_wait"]
    duration_s = samples[-1].at_s - samples[0].at_s
    assert wait.mean is not None
    assert wait.mean * duration_s == pytest.approx(2 * held_s, rel=0.2)
    assert longest.maximum == pytest.approx(held_s, rel=0.2)
    assert samples[-1].values["lock_wait_s_per_s"] == 0
    assert samples[-1].values["longest_lock_wait_s"] == 0
    assert len(series_of(samples).columns["lock_wait_s_per_s"]) == len(samples)


async def test_a_wait_inside_a_statement_began_with_the_wait(stage: Stage) -> None:
    """A statement that worked before it waited has not waited that long."""
    async with stage.session("psql") as holder, stage.session() as session, stage.watch() as watch:
        await holder.execute("CREATE TABLE held (id int)")
        await holder.execute("BEGIN; LOCK TABLE held")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(
                session.execute, "DO $$ BEGIN PERFORM pg_sleep(0.7); PERFORM * FROM held; END $$"
            )
            await until_waiting(holder, 1)
            waited_s = (await watch.sample()).values["longest_lock_wait_s"]
            await holder.execute("ROLLBACK")
        assert waited_s is not None
        assert waited_s < 0.5


async def until_waiting(connection: asyncpg.Connection, sessions: int) -> None:
    """Return when that many sessions wait for a lock."""
    with anyio.fail_after(20):
        while await connection.fetchval(WAITING) != sessions:  # noqa: ASYNC110 - it happens in the server
            await anyio.sleep(0.002)
