"""Cleaning up takes what dead runs left, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from perfengine.database.cleanup import CleanupReport, clean_up
from perfengine.database.ledger import Ledger
from perfengine.database.sandbox import marked_runs, try_lock
from perfengine.datagen.keys_sql import ledger_key_sql
from tests.integration.bystanders import everything_of_others

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import asyncpg

    from perfengine.database.sandbox import Sandbox
    from perfengine.model.plan import Plan
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio


async def left_behind(sandboxes: Sandboxes, plan: Plan) -> Sandbox:
    """Return the sandbox of a run that was killed: its session is gone, and with it the lock."""
    sandbox = await sandboxes.furnished(plan)
    await sandbox.connection.close()
    return sandbox


async def test_dead_runs_go_and_living_ones_stay(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """A run is alive while its session holds its lock."""
    living = await sandboxes.furnished(plan)
    before = await everything_of_others(admin)
    dead = [await left_behind(sandboxes, plan) for _ in range(2)]
    report = await clean_up(admin, ledger_key_sql)
    assert sorted(report.dropped) == sorted(sandbox.schema for sandbox in dead)
    assert (report.living, report.kept) == ((living.schema,), ())
    assert await everything_of_others(admin) == before


async def test_a_run_that_ends_later_can_be_cleaned_up_later(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """Looking at a run leaves its lock as it was, for it and for the next who cleans up."""
    sandbox = await left_behind(sandboxes, plan)
    assert (await clean_up(admin, ledger_key_sql, dry_run=True)).dropped == (sandbox.schema,)
    other = await sandboxes.over("00000001")
    assert await try_lock(other.connection, sandbox.run_id)
    assert (await clean_up(admin, ledger_key_sql)).living == (sandbox.schema,)
    await other.connection.close()
    assert (await clean_up(admin, ledger_key_sql)).dropped == (sandbox.schema,)


async def test_a_dry_run_names_and_drops_nothing(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """What would be dropped is named; the database stays as it is."""
    sandbox = await left_behind(sandboxes, plan)
    before = await everything_of_others(admin)
    report = await clean_up(admin, ledger_key_sql, dry_run=True)
    assert report.dropped == (sandbox.schema,)
    assert await everything_of_others(admin) == before
    assert await marked_runs(admin) == [sandbox.run_id]


async def test_what_others_built_on_is_kept_and_explained(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """One sandbox that cannot go does not keep the others from going."""
    stuck, free = await left_behind(sandboxes, plan), await left_behind(sandboxes, plan)
    await admin.execute(f"CREATE TABLE {stuck.schema}.theirs (id int)")
    report = await clean_up(admin, ledger_key_sql)
    assert report.dropped == (free.schema,)
    ((schema, why),) = report.kept
    assert schema == stuck.schema
    assert f"table {stuck.schema}.theirs depends on schema {stuck.schema}" in why
    assert await admin.fetchval(f'SELECT count(*) FROM {stuck.schema}."order"') == 0


async def test_schemas_that_only_look_like_ours_are_never_touched(
    sandboxes: Sandboxes, admin: asyncpg.Connection
) -> None:
    """Neither one without our comment, nor one with that of another, nor one that no run can have."""
    before = await everything_of_others(admin)
    report = await clean_up(admin, ledger_key_sql)
    assert (report.dropped, report.living, report.kept) == ((), (), ())
    assert await everything_of_others(admin) == before
    assert sandboxes.connections == []


class _EndsMeanwhile:
    """A connection whose server is asked which runs there are just before one of them ends."""

    def __init__(self, connection: asyncpg.Connection, end: Callable[[], Awaitable[None]]) -> None:
        self._connection = connection
        self._end = end

    async def fetchval(self, sql: str, *arguments: object) -> object:
        if "pg_try_advisory_lock" in sql:
            await self._end()
        return await self._connection.fetchval(sql, *arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.parametrize("dry_run", [False, True])
async def test_a_run_that_ends_while_others_are_cleaned_up(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan, *, dry_run: bool
) -> None:
    """It was listed, and then has dropped its own sandbox and its ledger: there is nothing to do, and nothing wrong.

    It was said that its schema was kept because it does not exist; and of a ledger, that was the end of all cleaning.
    """
    sandbox = await sandboxes.furnished(plan)
    ledger = Ledger(connection=(await sandboxes.over("00000002")).connection, run_id="00000002")
    await ledger.create()

    async def end() -> None:
        if not sandbox.connection.is_closed():
            await sandbox.drop()
            await ledger.drop()
            await sandbox.connection.close()

    report = await clean_up(_EndsMeanwhile(admin, end), ledger_key_sql, dry_run=dry_run)
    assert report == CleanupReport()
