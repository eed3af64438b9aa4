"""What a run does to others, and what follows the server: as true as the server knows it."""

from __future__ import annotations

import time
import uuid
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.serverview.queries import query
from tests.integration.serverview.conftest import OURS, Stage
from tests.integration.serverview.waits import until_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.server import EmbeddedServer

pytestmark = pytest.mark.anyio

ROLE = "perfengine_test_watching"
#: Two clocks, the server's and ours.
CLOCKS_S = 0.01


@pytest.fixture
def plain(server: EmbeddedServer, stage: Stage) -> Iterator[Stage]:
    """Yield the database for a role that does not see what others do."""

    async def execute(statement: str) -> None:
        connection = await asyncpg.connect(server.dsn)
        await connection.execute(statement)
        await connection.close()

    anyio.run(execute, f"DROP ROLE IF EXISTS {ROLE}; CREATE ROLE {ROLE} LOGIN")
    yield Stage(stage.dsn.replace("://perfengine@", f"://{ROLE}@"))
    anyio.run(execute, f"DROP ROLE {ROLE}")


@pytest.mark.parametrize("major", [13, 18])
async def test_others_who_wait_behind_the_run_are_counted(stage: Stage, major: int) -> None:
    """Not the run's own sessions, nor those who wait for somebody else; their waits are as long as they are."""
    async with AsyncExitStack() as stack:
        names = [f"{OURS}/load", "psql", "other", f"{OURS}/load", "holder", "last"]
        ours, admin, *waiting = [await stack.enter_async_context(stage.session(name)) for name in names]
        holder = waiting.pop(2)
        watch = await stack.enter_async_context(stage.session(f"{OURS}/watch"))
        look = partial(watch.fetchrow, query("others", major), OURS)
        await admin.execute("CREATE TABLE held (id int); CREATE TABLE elsewhere (id int)")
        await ours.execute("BEGIN; LOCK TABLE held")
        await holder.execute("BEGIN; LOCK TABLE elsewhere")
        assert tuple(await look()) == (0, 0)
        async with anyio.create_task_group() as tasks:
            for session, table in zip(waiting, ("held", "held", "elsewhere"), strict=True):
                tasks.start_soon(session.fetch, f"SELECT * FROM {table}")
            await until_waiting(admin, 3)
            begun_s = time.monotonic()
            blocked, first_s = await look()
            first_looked_s = time.monotonic()
            await anyio.sleep(0.3)  # the length of the wait is what is measured
            second_looked_s = time.monotonic()
            _, second_s = await look()
            ended_s = time.monotonic()
            await ours.execute("ROLLBACK")
            await holder.execute("ROLLBACK")
        assert blocked == 1
        assert second_looked_s - first_looked_s - CLOCKS_S < second_s - first_s < ended_s - begun_s + CLOCKS_S


async def test_a_role_that_sees_little_sees_who_waits_for_it(stage: Stage, plain: Stage) -> None:
    """What others do is hidden from it, and the lock table is not."""
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(stage.session("psql"))
        other = await stack.enter_async_context(stage.session("psql"))
        ours = await stack.enter_async_context(plain.session(f"{OURS}/load"))
        watch = await stack.enter_async_context(plain.watch())
        await ours.execute("BEGIN; SELECT pg_advisory_xact_lock(4711)")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(other.fetch, "SELECT pg_advisory_lock(4711)")
            await until_waiting(admin, 1)
            values = (await watch.sample()).values
            await ours.execute("ROLLBACK")
        assert values["blocked_others"] == 1
        assert values["longest_blocked_s"] is not None


async def test_a_slot_that_nobody_reads_falls_behind(stage: Stage) -> None:
    """By the WAL that is written."""
    name = f"perfengine_test_{uuid.uuid4().hex[:8]}"
    async with stage.session("psql") as admin, stage.watch() as watch:
        await admin.execute("CREATE TABLE filler (text text)")
        await admin.fetch("SELECT pg_create_physical_replication_slot($1, true)", name)
        try:
            before = (await watch.sample()).values
            await admin.execute(
                "INSERT INTO filler SELECT repeat(md5(n::text), 30) FROM generate_series(1, 5000) AS n"
            )
            after = (await watch.sample()).values
        finally:
            await admin.fetch("SELECT pg_drop_replication_slot($1)", name)
    assert before["standbys"] == 0
    assert before["slot_lag_bytes"] is not None
    assert after["slot_lag_bytes"] is not None
    assert after["slot_lag_bytes"] - before["slot_lag_bytes"] > 4_000_000
