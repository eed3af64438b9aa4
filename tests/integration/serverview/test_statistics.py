"""Counters of the server grow by what was done."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.doubles.clock import FakeClock
from tests.integration.serverview.waits import a_second_later

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.serverview.watch import ServerWatch
    from tests.integration.serverview.conftest import Stage

pytestmark = pytest.mark.anyio

WAL = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8"
FLUSH = "SELECT pg_stat_force_next_flush()"
COMMITS = 200
#: What is counted at least: sorted rows on disk, written pages of the table, the checkpoint.
COUNTED = {
    "blocks_hit_per_s": 500,
    "temp_bytes_per_s": 1_000_000,
    "io_written_bytes_per_s": 200_000 * 28,
    "checkpoints": 1,
}


async def test_commits_rollbacks_and_wal_grow_with_writes(stage: Stage) -> None:
    """By as many as there were, and by the few of the watch itself."""
    clock = FakeClock()
    async with stage.session() as writer, stage.watch(clock=clock) as watch:
        await writer.execute("CREATE TABLE t (id int, text text)")
        await writer.fetch(FLUSH)
        before_it = await writer.fetchval(WAL)
        await watch.sample()
        before = await writer.fetchval(WAL)
        for number in range(COMMITS):
            await writer.execute(f"INSERT INTO t VALUES ({number}, repeat('x', 100))")
        await writer.execute("BEGIN; INSERT INTO t VALUES (0); ROLLBACK")
        await writer.fetch(FLUSH)
        grown = await writer.fetchval(WAL) - before
        values = (await a_second_later(watch, clock)).values
        grown_around_it = await writer.fetchval(WAL) - before_it
    assert COMMITS <= (values["commits_per_s"] or 0) <= COMMITS + 20
    assert values["rollbacks_per_s"] == 1
    assert grown > COMMITS * 100
    assert grown <= (values["wal_bytes_per_s"] or 0) <= grown_around_it
    assert values["deadlocks"] == 0


async def test_reads_writes_and_spilled_sorts_are_counted(stage: Stage) -> None:
    """Blocks of the database, bytes of the server's data files, a checkpoint, which another process counts."""
    clock = FakeClock()
    async with stage.session() as writer, stage.watch(clock=clock) as watch:
        await watch.sample()
        await writer.execute("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 200000) AS g")
        await writer.execute("SET work_mem = '64kB'")
        await writer.execute("SELECT id FROM t ORDER BY -id OFFSET 199999")
        await writer.execute("CHECKPOINT")
        await writer.fetch(FLUSH)
        await until_counted(watch, clock, COUNTED)


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


async def until_counted(watch: ServerWatch, clock: FakeClock, least: Mapping[str, float]) -> None:
    """Return when samples a second apart have told of so much together. Fails after 20 s."""
    found, deadline = Counter[str](), time.monotonic() + 20
    while not all(found[name] >= count for name, count in least.items()):
        assert time.monotonic() < deadline, f"not all is counted: {found}"
        values = (await a_second_later(watch, clock)).values
        found.update({name: values[name] or 0 for name in least})
        await asyncio.sleep(0.01)  # a poll with a deadline: the checkpointer counts when it is done
