"""The server's processes are recognised in the process table, and what they use is theirs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import anyio
import pytest

from perfengine.serverview.local import ELSEWHERE, UNIX_SOCKET
from perfengine.serverview.processes import PROC, find_process
from perfengine.serverview.reading import Source
from perfengine.serverview.watched import summarise_watch
from tests.integration.serverview.conftest import OURS

if TYPE_CHECKING:
    from tests.integration.serverview.conftest import Stage

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.timed,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]

BUSY = """
DO $$ DECLARE until timestamptz := clock_timestamp() + '1.5 s';
BEGIN WHILE clock_timestamp() < until LOOP PERFORM 1; END LOOP; END $$
"""


async def test_a_busy_backend_is_processor_time_of_the_server(stage: Stage) -> None:
    """As much as the kernel gave it: all of a processor, if nobody else wanted it."""
    async with stage.session() as session, stage.watch() as watch:
        backend = await session.fetchval("SELECT pg_backend_pid()")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(session.execute, BUSY)
            await until_active(stage)
            first, before_s = await watch.sample(), cpu_s_of(backend)
            await anyio.sleep(1)
            last, after_s = await watch.sample(), cpu_s_of(backend)
        share = last.values["server_cpus"]
        assert share is not None
        assert share == pytest.approx((after_s - before_s) / (last.at_s - first.at_s), rel=0.2, abs=0.05)
        assert 0.2 < share < 1.5
        assert last.values["running_sessions"] == 1


async def test_a_backend_that_has_ended_still_counts(stage: Stage) -> None:
    """Its time goes to the server that reaped it: nothing is lost between two samples."""
    async with stage.watch() as watch:
        first = await watch.sample()
        async with stage.session() as session:
            backend = await session.fetchval("SELECT pg_backend_pid()")
            await session.execute(BUSY)
            used_s = cpu_s_of(backend)
        with anyio.fail_after(20):
            while find_process(PROC, backend):  # noqa: ASYNC110 - it happens in the server
                await anyio.sleep(0.002)
        last = await watch.sample()
    assert (last.values["server_cpus"] or 0) * (last.at_s - first.at_s) >= used_s - 0.05


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


def cpu_s_of(pid: int) -> float:
    """Return the processor time of a process."""
    process = find_process(PROC, pid)
    assert process is not None
    return process.cpu_s


async def until_active(stage: Stage) -> None:
    """Return when a session of the run is at work."""
    busy = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'"
    async with stage.session("psql") as admin:
        with anyio.fail_after(20):
            while not await admin.fetchval(busy, OURS):  # noqa: ASYNC110 - it happens in the server
                await anyio.sleep(0.002)
