"""The server's processes are recognised in the process table, and what they use is theirs."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.serverview.local import ELSEWHERE, UNIX_SOCKET
from perfengine.serverview.processes import PROC, find_process
from perfengine.serverview.reading import Source
from perfengine.serverview.watched import summarise_watch
from tests.doubles.clock import FakeClock
from tests.integration.serverview.conftest import OURS
from tests.integration.serverview.waits import a_second_later

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.integration.serverview.conftest import Stage

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.timed,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]

BUSY = "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"
USED_S = 1.0
#: Processor time is told in hundredths of a second, process by process.
ROUNDED_S = 0.05
#: What other processes of the server may use meanwhile.
OTHERS_S = 0.25


async def test_a_busy_backend_is_processor_time_of_the_server(stage: Stage) -> None:
    """As much as the kernel gave it, and little else: whatever that is, on a machine with others at work."""
    clock = FakeClock()
    async with stage.session() as session, stage.watch(clock=clock) as watch:
        async with busy(stage, session) as backend:
            before_s = cpu_s_of(backend)
            await watch.sample()
            begun_s = cpu_s_of(backend)
            await until_used(backend, begun_s + USED_S)
            ended_s = cpu_s_of(backend)
            found = (await a_second_later(watch, clock)).values
            after_s = cpu_s_of(backend)
        assert found["server_cpus"] is not None
        assert ended_s - begun_s - ROUNDED_S <= found["server_cpus"] <= after_s - before_s + OTHERS_S
        assert found["running_sessions"] == 1


async def test_a_backend_that_has_ended_still_counts(stage: Stage) -> None:
    """Its time goes to the server that reaped it: nothing is lost between two samples."""
    clock = FakeClock()
    async with stage.watch(clock=clock) as watch:
        await watch.sample()
        async with stage.session() as session:
            async with busy(stage, session) as backend:
                await until_used(backend, USED_S)
            used_s = cpu_s_of(backend)
        with anyio.fail_after(20):
            while find_process(PROC, backend):  # noqa: ASYNC110 - it happens in the server
                await anyio.sleep(0.002)
        found = (await a_second_later(watch, clock)).values
    assert (found["server_cpus"] or 0) >= used_s - ROUNDED_S


async def test_memory_of_the_server_and_of_ourselves_is_read(stage: Stage) -> None:
    """The server is below us in the table, and its memory is not ours."""
    async with stage.session() as session, stage.watch() as watch:
        before = (await watch.sample()).values
        await session.execute("SET work_mem = '400MB'")
        async with session.transaction():
            await session.execute(
                "DECLARE big CURSOR FOR SELECT g, repeat('x', 100) FROM generate_series(1, 1000000) AS g ORDER BY -g"
            )
            await session.fetch("FETCH 1 FROM big")
            after = (await watch.sample()).values
    grown = (after["server_memory_bytes"] or 0) - (before["server_memory_bytes"] or 0)
    assert grown > 100_000_000
    assert abs((after["generator_memory_bytes"] or 0) - (before["generator_memory_bytes"] or 0)) < 50_000_000


async def test_a_server_elsewhere_has_reasons(stage: Stage) -> None:
    """Its own metrics are not measured, and those of the clients are."""
    async with stage.watch(local=False, socket=False) as watch:
        samples = [await watch.sample(), await watch.sample()]
    asked = ("memory_usage", "cpu_usage", "disk_io", "network_io")
    found = {(one.metric, one.source): one for one in summarise_watch(samples, asked)}
    assert found["memory_usage", "/proc"].reason == ELSEWHERE
    assert found["cpu_usage", "/proc"].reason == ELSEWHERE
    assert found["memory_usage", "client"].mean is not None
    assert found["disk_io", "server"].mean is not None
    assert found["network_io", "/proc"].mean is not None


async def test_a_unix_socket_has_no_network(stage: Stage) -> None:
    """That is said, instead of a zero."""
    async with stage.watch() as watch:
        sample = await watch.sample()
    [network] = summarise_watch([sample], ("network_io",))[-1:]
    assert (network.metric, network.reason) == ("network_io", UNIX_SOCKET)
    assert Source.PROCESSES not in sample.reasons


@asynccontextmanager
async def busy(stage: Stage, session: asyncpg.Connection) -> AsyncIterator[int]:
    """Keep a session of the run at work for the block, and give the process id of its backend."""

    async def work() -> None:
        with suppress(asyncpg.QueryCanceledError):
            await session.execute(BUSY)

    backend = session.get_server_pid()
    async with stage.session("psql") as admin, anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        await until_active(admin)
        try:
            yield backend
        finally:
            await admin.execute(f"SELECT pg_cancel_backend({backend})")


async def until_used(pid: int, cpu_s: float) -> None:
    """Return when a process has used so much processor time. Fails after a minute."""
    with anyio.fail_after(60):
        while cpu_s_of(pid) < cpu_s:  # noqa: ASYNC110 - the kernel counts it
            await anyio.sleep(0.01)


def cpu_s_of(pid: int) -> float:
    """Return the processor time of a process."""
    process = find_process(PROC, pid)
    assert process is not None
    return process.cpu_s


async def until_active(admin: asyncpg.Connection) -> None:
    """Return when a session of the run is at work. Fails after 20 s."""
    active = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'"
    with anyio.fail_after(20):
        while not await admin.fetchval(active, OURS):  # noqa: ASYNC110 - it happens in the server
            await anyio.sleep(0.002)
