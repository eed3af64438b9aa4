"""Counters of the server grow by what was done."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from perfengine.units import NS_PER_S
from tests.doubles.clock import FakeClock

if TYPE_CHECKING:
    import asyncpg

    from perfengine.serverview.watch import ServerSample, ServerWatch
    from tests.integration.serverview.conftest import Stage

pytestmark = pytest.mark.anyio

WAL = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8"
FLUSH = "SELECT pg_stat_force_next_flush()"
DONE = "SELECT num_done FROM pg_stat_checkpointer"
COMMITS = 200


async def test_commits_rollbacks_and_wal_grow_with_writes(stage: Stage) -> None:
    """By as many as there were, and by the few of the watch itself."""
    clock = FakeClock()
    async with stage.session() as writer, stage.watch(clock=clock) as watch:
        await writer.execute("CREATE TABLE t (id int, text text)")
        await writer.fetch(FLUSH)
        await watch.sample()
        before = await writer.fetchval(WAL)
        for number in range(COMMITS):
            await writer.execute(f"INSERT INTO t VALUES ({number}, repeat('x', 100))")
        await writer.execute("BEGIN; INSERT INTO t VALUES (0); ROLLBACK")
        await writer.fetch(FLUSH)
        grown = await writer.fetchval(WAL) - before
        values = (await a_second_later(watch, clock)).values
    assert COMMITS <= (values["commits_per_s"] or 0) <= COMMITS + 20
    assert values["rollbacks_per_s"] == 1
    assert grown > COMMITS * 100
    assert grown <= (values["wal_bytes_per_s"] or 0) <= grown + 100_000
    assert values["deadlocks"] == 0


async def test_reads_writes_and_spilled_sorts_are_counted(stage: Stage) -> None:
    """Blocks of the database, bytes of the server's data files, a checkpoint."""
    clock = FakeClock()
    async with stage.session() as writer, stage.watch(clock=clock) as watch:
        await watch.sample()
        await writer.execute("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 200000) AS g")
        await writer.execute("SET work_mem = '64kB'")
        await writer.execute("SELECT id FROM t ORDER BY -id OFFSET 199999")
        await checkpoint(writer)
        await writer.fetch(FLUSH)
        values = (await a_second_later(watch, clock)).values
    assert (values["blocks_hit_per_s"] or 0) > 500
    assert (values["temp_bytes_per_s"] or 0) > 1_000_000
    assert (values["io_written_bytes_per_s"] or 0) > 200_000 * 28
    assert (values["checkpoints"] or 0) >= 1


async def test_statistics_that_were_reset_give_no_figure(stage: Stage) -> None:
    """Not a negative one; the next sample counts anew."""
    clock = FakeClock()
    async with stage.session() as writer, stage.watch(clock=clock) as watch:
        for _ in range(100):
            await writer.execute("SELECT 1")
        await writer.fetch(FLUSH)
        await watch.sample()
        await writer.execute("SELECT pg_stat_reset()")
        reset = (await a_second_later(watch, clock)).values
        assert reset["commits_per_s"] is None
        assert reset["connection_count"] is not None
        assert (await a_second_later(watch, clock)).values["commits_per_s"] is not None


async def a_second_later(watch: ServerWatch, clock: FakeClock) -> ServerSample:
    """Return a sample a second of the clock after the one before."""
    clock.advance(NS_PER_S)
    return await watch.sample()


async def checkpoint(writer: asyncpg.Connection) -> None:
    """Have a checkpoint that has been counted: the checkpointer says that it is done before it counts it."""
    done = await writer.fetchval(DONE)
    await writer.execute("CHECKPOINT")
    deadline = time.monotonic() + 20
    while await writer.fetchval(DONE) == done:
        assert time.monotonic() < deadline, "it is not counted"
        await asyncio.sleep(0.01)  # a poll with a deadline: it happens in another process
