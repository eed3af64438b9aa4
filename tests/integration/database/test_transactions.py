"""A transaction is over when its block is: a signal cancels it, and what comes then goes over the same connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.database.preparing import find_refusal
from perfengine.database.rehearsal import rehearsal
from perfengine.database.transactions import transaction
from tests.integration.bystanders import everything_of_others

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from perfengine.model.plan import Plan
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio

#: Whether a session waits for somebody else's lock.
WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)"
DEADLINE_S = 60


async def cancel_waiting(
    admin: asyncpg.Connection, connection: asyncpg.Connection, work: Callable[[], Awaitable[object]]
) -> None:
    """Do the work, and cancel it when it waits for a lock."""
    pid = connection.get_server_pid()

    async def cancel() -> None:
        while not await admin.fetchval(WAITS, pid):  # noqa: ASYNC110 - it happens in the server
            await anyio.sleep(0.005)
        tasks.cancel_scope.cancel()

    with anyio.fail_after(DEADLINE_S):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(cancel)
            await work()
    assert tasks.cancel_scope.cancelled_caught


async def test_a_sandbox_that_was_cancelled_goes(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """A signal came while keys were built, in a transaction; it stayed open, and nothing could be dropped in it.

    The user was told that the schema, with all its rows, may be left.
    """
    before = await everything_of_others(admin)
    sandbox = await sandboxes.bare(plan)
    async with admin.transaction():
        await admin.execute(f"LOCK TABLE {sandbox.schema}.customer")
        await cancel_waiting(admin, sandbox.connection, lambda: sandbox.add_constraints(plan.tables))
    assert not sandbox.connection.is_in_transaction()
    await sandbox.drop()
    assert await everything_of_others(admin) == before


async def test_a_rehearsal_that_was_cancelled_is_rolled_back(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """And so is a transaction within it; another can follow."""
    sandbox = await sandboxes.bare(plan)
    connection = sandbox.connection

    async def rehearse() -> None:
        async with rehearsal(connection), transaction(connection):
            await connection.execute("CREATE TABLE tried (id int)")
            await connection.execute("SELECT FROM customer")

    async with admin.transaction():
        await admin.execute(f"LOCK TABLE {sandbox.schema}.customer")
        await cancel_waiting(admin, connection, rehearse)
    assert not connection.is_in_transaction()
    async with transaction(connection):
        assert await connection.fetchval("SELECT to_regclass('tried') IS NULL")


async def test_a_look_at_a_statement_that_was_cancelled_leaves_nothing(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """It waits for a lock as the statement would."""
    sandbox = await sandboxes.bare(plan)
    async with admin.transaction():
        await admin.execute(f"LOCK TABLE {sandbox.schema}.customer")
        await cancel_waiting(
            admin,
            sandbox.connection,
            lambda: find_refusal(sandbox.connection, "SELECT FROM customer", {}, None),
        )
    assert not sandbox.connection.is_in_transaction()
    await sandbox.drop()


async def test_what_is_committed_and_what_is_not(sandboxes: Sandboxes) -> None:
    """A block that ends is committed, one that raises is not, and the error is the block's own."""
    connection = (await sandboxes.over("00000003")).connection
    await connection.execute("CREATE TEMPORARY TABLE noted (id int)")

    async def note(value: int, then: str) -> None:
        async with transaction(connection):
            await connection.execute("INSERT INTO noted VALUES ($1)", value)
            await connection.execute(then)

    async with transaction(connection):
        await note(1, "SELECT")
        with pytest.raises(asyncpg.UndefinedTableError):
            await note(2, "SELECT FROM nowhere")
    with pytest.raises(asyncpg.UndefinedTableError):
        await note(3, "SELECT FROM nowhere")
    assert await connection.fetchval("SELECT array_agg(id) FROM noted") == [1]


async def test_a_connection_that_is_gone_is_what_is_told(sandboxes: Sandboxes) -> None:
    """Not that there is nothing to roll back any more."""
    connection = (await sandboxes.over("00000004")).connection

    async def lose() -> None:
        async with transaction(connection):
            connection.terminate()
            raise LookupError

    with pytest.raises(LookupError):
        await lose()
