"""Statements that find their rows themselves, on a real server and beside each other."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.model.operation import Pick
from perfengine.model.workload import Workload
from tests.entities import compile_entities, make_order, operation_of
from tests.sandbox import build, connected, fill

if TYPE_CHECKING:
    from perfengine.model.plan import Plan

CLIENTS = 8


def plan_with(pick: Pick) -> Plan:
    """Return the plan of the original document under a policy."""
    return compile_entities(make_order(), workload=Workload(pick=pick))


async def filled(connection: asyncpg.Connection, plan: Plan, rows: int) -> None:
    """Make the tables of a plan with so many pending orders."""
    await build(connection, plan)
    await fill(connection, plan, "customer", 100)
    await fill(connection, plan, "order", rows)


async def in_state(connection: asyncpg.Connection, state: str) -> int:
    """Return how many orders are in a state."""
    count: int = await connection.fetchval('SELECT count(*) FROM "order" WHERE "status" = $1', state)
    return count


@pytest.mark.parametrize("pick", [Pick.FIRST, Pick.LOCK])
def test_a_search_finds_rows_until_there_are_none(database: str, pick: Pick) -> None:
    """Single and bulk transitions change what they find, and nothing comes back when nothing is left."""
    plan = plan_with(pick)

    async def work(connection: asyncpg.Connection) -> None:
        await filled(connection, plan, 102)
        single = operation_of(plan, "single_order_confirm").sql
        bulk = operation_of(plan, "bulk_order_confirm").sql
        assert await connection.fetchval(single) is not None
        assert await connection.fetchval(bulk) == 100
        assert await in_state(connection, "confirmed") == 101
        assert await connection.fetchval(bulk) == 1
        assert await connection.fetch(single) == []
        assert await connection.fetch(bulk) == []

    connected(database, work)


def test_changes_that_search(database: str) -> None:
    """Updates and deletes change as many rows as they should, and say so."""
    first, locked = plan_with(Pick.FIRST), plan_with(Pick.LOCK)

    async def work(connection: asyncpg.Connection) -> None:
        await filled(connection, first, 150)
        customer = await connection.fetchval('SELECT id FROM "customer" LIMIT 1')
        values = (customer, Decimal(7))
        for name, count in (("order_update", 1), ("bulk_order_update", 100)):
            assert await connection.execute(operation_of(first, name).sql, *values) == f"UPDATE {count}"
            assert len(await connection.fetch(operation_of(locked, name).sql, *values)) == count
        assert await connection.execute(operation_of(first, "order_delete").sql) == "DELETE 1"
        assert len(await connection.fetch(operation_of(locked, "order_delete").sql)) == 1
        await connection.execute('DELETE FROM "order"')
        assert await connection.execute(operation_of(first, "order_delete").sql) == "DELETE 0"
        for name in ("order_update", "bulk_order_update"):
            assert await connection.fetch(operation_of(locked, name).sql, *values) == []
        assert await connection.fetch(operation_of(locked, "order_delete").sql) == []

    connected(database, work)


def test_clients_that_lock_never_meet(database: str) -> None:
    """As many rows change as calls came back, without an error; nobody waits for a row of another."""
    plan = plan_with(Pick.LOCK)
    sql = operation_of(plan, "single_order_confirm").sql

    async def client(calls: int) -> int:
        connection = await asyncpg.connect(database)
        try:
            return sum([len(await connection.fetch(sql)) for _ in range(calls)])
        finally:
            await connection.close()

    async def work(connection: asyncpg.Connection) -> None:
        await filled(connection, plan, 300)
        changed = await asyncio.gather(*(client(30) for _ in range(CLIENTS)))
        assert sum(changed) == await in_state(connection, "confirmed") == CLIENTS * 30

    connected(database, work)


def test_clients_that_take_the_first_row_take_the_same(database: str) -> None:
    """While one has the row, another that finds it waits for it and is refused."""
    plan = plan_with(Pick.FIRST)
    sql = operation_of(plan, "single_order_confirm").sql

    async def work(connection: asyncpg.Connection) -> None:
        await filled(connection, plan, 10)
        other = await asyncpg.connect(database)
        try:
            begun = connection.transaction()
            await begun.start()
            assert await connection.fetchval(sql) is not None
            waiting = asyncio.ensure_future(other.fetchval(sql))
            await blocked(connection, other.get_server_pid())
            await begun.commit()
            with pytest.raises(asyncpg.RaiseError, match="invalid transition"):
                await waiting
        finally:
            await other.close()
        assert await in_state(connection, "confirmed") == 1

    connected(database, work)


async def blocked(connection: asyncpg.Connection, pid: int) -> None:
    """Return once the session waits for somebody. Fails after 20 s."""
    async with asyncio.timeout(20):
        while not await connection.fetchval("SELECT pg_blocking_pids($1)", pid):  # noqa: ASYNC110 - the server's state
            await asyncio.sleep(0.01)
