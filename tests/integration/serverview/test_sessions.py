"""What is said of sessions and of their waits is true of the server."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio
import pytest

from perfengine.serverview.watched import series_of, summarise_watch
from tests.doubles.clock import FakeClock
from tests.integration.serverview.waits import a_second_later, until_waiting

if TYPE_CHECKING:
    from tests.integration.serverview.conftest import Stage

pytestmark = pytest.mark.anyio

ALL_CLIENTS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
AGE_S = (
    "SELECT extract(epoch FROM clock_timestamp() - query_start)::float8 FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
WORKED_S, HELD_S = 0.7, 0.3
#: Two clocks, the server's and ours.
CLOCKS_S = 0.01


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
    """Two sessions of the run wait behind a lock for three seconds of the clock; a third is not of the run.

    How long the longest waits is told by the server, whose clock is not ours to move.
    """
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        holder, admin = [await stack.enter_async_context(stage.session("psql")) for _ in range(2)]
        await holder.execute("CREATE TABLE held (id int PRIMARY KEY)")
        await holder.execute("BEGIN; LOCK TABLE held")
        sessions = [await stack.enter_async_context(stage.session()) for _ in range(2)]
        sessions.append(await stack.enter_async_context(stage.session("psql")))
        watch = await stack.enter_async_context(stage.watch(clock=clock))
        samples = [await watch.sample()]
        async with anyio.create_task_group() as tasks:
            begun_s = time.monotonic()
            for session in sessions:
                tasks.start_soon(session.fetch, "SELECT * FROM held")
            await until_waiting(admin, 3)
            all_wait_s = time.monotonic()
            await anyio.sleep(HELD_S)  # the length of the wait is what is measured
            for _ in range(3):
                looked_s = time.monotonic()
                samples.append(await a_second_later(watch, clock))
            ended_s = time.monotonic()
            await holder.execute("ROLLBACK")
        samples.append(await a_second_later(watch, clock))
    [wait] = [one for one in summarise_watch(samples, ()) if one.metric == "lock_wait_time"]
    [longest] = [one for one in summarise_watch(samples, ()) if one.metric == "longest_lock_wait"]
    assert wait.mean == pytest.approx(2 * 3 / (samples[-1].at_s - samples[0].at_s))
    assert longest.maximum is not None
    assert looked_s - all_wait_s - CLOCKS_S < longest.maximum < ended_s - begun_s + CLOCKS_S
    assert samples[-1].values["lock_wait_s_per_s"] == 0
    assert samples[-1].values["longest_lock_wait_s"] == 0
    assert len(series_of(samples).columns["lock_wait_s_per_s"]) == len(samples)


async def test_a_wait_inside_a_statement_began_with_the_wait(stage: Stage) -> None:
    """A statement that worked before it waited has waited for less than it has run, by as long as it worked."""
    async with AsyncExitStack() as stack:
        holder, admin = [await stack.enter_async_context(stage.session("psql")) for _ in range(2)]
        session = await stack.enter_async_context(stage.session())
        watch = await stack.enter_async_context(stage.watch())
        await holder.execute("CREATE TABLE held (id int)")
        await holder.execute("BEGIN; LOCK TABLE held")
        statement = f"DO $$ BEGIN PERFORM pg_sleep({WORKED_S}); PERFORM * FROM held; END $$"
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(session.execute, statement)
            await until_waiting(admin, 1)
            waited_s = (await watch.sample()).values["longest_lock_wait_s"]
            age_s = await admin.fetchval(AGE_S)
            await holder.execute("ROLLBACK")
        assert waited_s is not None
        assert 0 < waited_s <= age_s - WORKED_S
