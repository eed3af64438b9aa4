"""A watch costs little, asks little, and outlives its connection."""

from __future__ import annotations

import statistics
import time
import uuid
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio
import pytest

from perfengine.serverview.reading import Source
from tests.integration.made import execute
from tests.integration.serverview.conftest import OURS, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.server import EmbeddedServer
    from perfengine.serverview.watch import ServerSample

pytestmark = [pytest.mark.anyio, pytest.mark.timed]

ALL_CLIENTS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
HIDDEN = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '<insufficient%'"
#: Of clients: autovacuum may be looking in.
NAMES = (
    "SELECT application_name FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend' ORDER BY 1"
)


@pytest.fixture
def plain(server: EmbeddedServer, database: str) -> Iterator[Stage]:
    """Yield the test's database as a role without any right comes to it."""
    role = f"plain_{uuid.uuid4().hex}"
    execute(server.dsn, f"CREATE ROLE {role} LOGIN")
    yield Stage(database.replace(f"//{server.user}@", f"//{role}@"))
    execute(server.dsn, f"DROP ROLE {role}")


async def test_the_watch_has_a_name_of_its_own(stage: Stage) -> None:
    """Whoever looks at the server sees which session it is."""
    async with stage.session() as session, stage.watch() as watch:
        await watch.sample()
        assert [row[0] for row in await session.fetch(NAMES)] == [OURS, f"{OURS}/watch"]


async def test_a_role_without_rights_sees_what_is_its_own(plain: Stage, stage: Stage) -> None:
    """Its sessions are ours, and the others are counted though hidden; so is what is read of the processes."""
    async with (
        stage.session("psql") as admin,
        plain.session() as session,
        plain.watch() as watch,
    ):
        await session.execute("BEGIN")
        sample = await watch.sample()
        everybody = await admin.fetchval(ALL_CLIENTS)
        hidden = await session.fetchval(HIDDEN)
    assert hidden, "the role sees everything"
    assert sample.values["connection_count"] == everybody - 1
    assert sample.values["run_connections"] == 1
    assert sample.values["idle_in_transaction_sessions"] == 1
    assert sample.values["running_vacuums"] == 0
    assert sample.values["replication_lag_bytes"] is None
    assert sample.values["server_memory_bytes"]
    assert [*sample.reasons] == [Source.NETWORK, Source.SPACE]


async def test_a_lost_connection_is_a_gap(stage: Stage) -> None:
    """The sample after it is whole again, and rates are over the gap."""
    async with stage.session("psql") as admin, stage.watch() as watch:
        await watch.sample()
        ended = "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE application_name = $1"
        assert await admin.fetchval(ended, f"{OURS}/watch")
        lost = await watch.sample()
        assert lost.reasons[Source.SESSIONS]
        assert lost.values["connection_count"] is None
        assert lost.values["generator_memory_bytes"]
        again = await watch.sample()
        assert Source.SESSIONS not in again.reasons
        assert again.values["commits_per_s"] is not None
        assert again.values["server_cpus"] is not None


async def test_a_server_that_refuses_is_a_gap() -> None:
    """There is nobody at the door: nothing is raised."""
    nowhere = Stage("postgresql://nobody@127.0.0.1:1/nothing")
    async with nowhere.watch(socket=False) as watch:
        sample = await watch.sample()
    assert "refused" in sample.reasons[Source.STATISTICS]
    assert "could not be opened" in sample.reasons[Source.PROCESSES]


async def test_behind_a_pooler_samples_are_the_same(stage: Stage) -> None:
    """Without anything that stays in the session."""
    async with stage.session() as session, stage.watch(pooled=True) as watch:
        sample = await watch.sample()
        names = [row[0] for row in await session.fetch(NAMES)]
    assert sample.values["run_connections"] == 1
    assert f"{OURS}/watch" not in names


async def test_samples_keep_coming_until_it_is_cancelled(stage: Stage) -> None:
    """In their order. That they do not drift is said by a clock of ours, in the room's unit tests."""
    samples: list[ServerSample] = []
    async with stage.watch() as watch, anyio.create_task_group() as tasks:
        tasks.start_soon(watch.keep_sampling, samples.append, 0.1)
        with anyio.fail_after(20):
            while len(samples) < 5:  # noqa: ASYNC110 - the watch hands them over
                await anyio.sleep(0.01)
        tasks.cancel_scope.cancel()
    times_s = [sample.at_s for sample in samples]
    assert times_s == sorted(set(times_s))
    assert not any(sample.reasons.get(Source.SESSIONS) for sample in samples)


async def test_a_sample_costs_the_server_little(stage: Stage) -> None:
    """With fifty sessions, a few milliseconds at most; the median, for others use this machine too."""
    async with AsyncExitStack() as stack:
        for _ in range(50):
            await stack.enter_async_context(stage.session())
        watch = await stack.enter_async_context(stage.watch())
        await watch.sample()
        costs_s = []
        for _ in range(50):
            begun_s = time.perf_counter()
            reading = await watch._inquiry.read(time.monotonic_ns)
            costs_s.append(time.perf_counter() - begun_s)
            assert not reading.reasons
    assert statistics.median(costs_s) < 0.005
