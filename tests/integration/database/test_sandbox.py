"""The sandbox comes, holds what it must, and goes without a trace, and never takes anything of others along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database.sandbox import marked_runs, marker_of, new_run_id, schema_of, try_lock
from perfengine.errors import TargetError
from perfengine.model.table import Function
from tests.integration.bystanders import everything_of_others

if TYPE_CHECKING:
    from perfengine.model.plan import Plan
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio


async def test_a_sandbox_goes_without_a_trace(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """Made in full and dropped, it leaves the database as it was, objects and rows and all."""
    before = await everything_of_others(admin)
    sandbox = await sandboxes.furnished(plan)
    assert len(await everything_of_others(admin)) > len(before)
    await sandbox.drop()
    assert await everything_of_others(admin) == before


async def test_every_object_of_ours_is_marked(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """Schema, tables and functions carry the run's comment, by which they are known."""
    sandbox = await sandboxes.furnished(plan)
    comments = await admin.fetch(
        "SELECT obj_description(oid) FROM pg_namespace WHERE nspname = $1 UNION ALL "
        "SELECT obj_description(oid) FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r' "
        "UNION ALL SELECT obj_description(oid) FROM pg_proc WHERE pronamespace = $1::regnamespace",
        sandbox.schema,
    )
    marker = marker_of(sandbox.run_id)
    assert [row[0] for row in comments] == [marker] * (1 + len(plan.tables) + len(plan.functions))
    assert await marked_runs(admin) == [sandbox.run_id]


async def test_constraints_and_functions_are_there(sandboxes: Sandboxes, plan: Plan) -> None:
    """A key, a reference and a check for each that the plan has, and functions that can be called."""
    sandbox = await sandboxes.furnished(plan)
    kinds = await sandbox.connection.fetch(
        "SELECT contype::text, conname::text FROM pg_constraint WHERE connamespace = $1::regnamespace"
        " AND contype IN ('p', 'f', 'c')",
        sandbox.schema,
    )
    assert sorted(row["contype"] for row in kinds) == ["c", "f", "p", "p"]
    assert "order_positive_total" in {row["conname"] for row in kinds}
    with pytest.raises(asyncpg.RaiseError, match="invalid transition"):
        await sandbox.connection.fetchval('SELECT "order_confirm"(gen_random_uuid())')


async def test_names_lead_into_the_sandbox_only(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """`"order"` without a schema is ours, although public has one with rows and a function of the same name."""
    before = await everything_of_others(admin)
    sandbox = await sandboxes.furnished(plan)
    assert await sandbox.connection.fetchval('SELECT count(*) FROM "order"') == 0
    await sandbox.connection.execute('DELETE FROM "order"')
    await sandbox.connection.execute('TRUNCATE "order", customer')
    await sandbox.drop()
    with pytest.raises(asyncpg.UndefinedTableError):
        await sandbox.connection.execute('DELETE FROM "order"')
    assert await everything_of_others(admin) == before


STRANGERS = {
    "a table in the schema": ("CREATE TABLE {schema}.theirs (id int)", "table theirs"),
    "a view in the schema": ('CREATE VIEW {schema}.theirs AS SELECT 1 AS "one"', "view theirs"),
    "a function in the schema": (
        "CREATE FUNCTION {schema}.theirs() RETURNS int RETURN 1",
        "function theirs()",
    ),
    "a type in the schema": ("CREATE TYPE {schema}.theirs AS ENUM ('a')", "type theirs"),
    "a sequence in the schema": ("CREATE SEQUENCE {schema}.theirs", "sequence theirs"),
    "a view on a table of ours": (
        'CREATE VIEW public.theirs AS SELECT id FROM {schema}."order"',
        'view public.theirs depends on table "order"',
    ),
    "a reference to a table of ours": (
        'CREATE TABLE public.theirs (id uuid REFERENCES {schema}."order" (id))',
        'on table public.theirs depends on table "order"',
    ),
    "a view on a function of ours": (
        "CREATE VIEW public.theirs AS SELECT {schema}.order_confirm(gen_random_uuid())",
        "view public.theirs depends on function order_confirm(uuid)",
    ),
    "a table of theirs that took the place of ours": (
        'ALTER TABLE {schema}."order" RENAME TO ours; CREATE TABLE {schema}."order" (id int)',
        'table "order" depends on schema {schema}',
    ),
}


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_what_others_put_there_stops_the_drop_and_is_named(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan, stranger: str
) -> None:
    """Nothing is dropped, theirs or ours; the message names what is in the way and what to do."""
    sandbox = await sandboxes.furnished(plan)
    statement, named = (text.replace("{schema}", sandbox.schema) for text in STRANGERS[stranger])
    await admin.execute(statement)
    before = await everything_of_others(admin)
    try:
        with pytest.raises(TargetError) as caught:
            await sandbox.drop()
        message = str(caught.value)
        assert f'sandbox schema "{sandbox.schema}" was not dropped' in message
        assert named in message
        assert "perfengine cleanup" in message
        assert await everything_of_others(admin) == before
    finally:
        kind = "TABLE" if "reference" in stranger else "VIEW"
        await admin.execute(f"DROP {kind} IF EXISTS public.theirs")


async def test_when_it_is_gone_the_sandbox_goes_too(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """A drop that was refused can be repeated."""
    sandbox = await sandboxes.furnished(plan)
    await admin.execute(f"CREATE TABLE {sandbox.schema}.theirs (id int)")
    with pytest.raises(TargetError):
        await sandbox.drop()
    await admin.execute(f"DROP TABLE {sandbox.schema}.theirs")
    await sandbox.drop()
    assert await marked_runs(admin) == []


async def test_a_schema_of_that_name_without_our_marker_stays(
    sandboxes: Sandboxes, admin: asyncpg.Connection
) -> None:
    """Its name alone makes nothing ours."""
    before = await everything_of_others(admin)
    for run_id in ("deadbeef", "deadbee0"):
        await (await sandboxes.over(run_id)).drop()
    assert await everything_of_others(admin) == before


async def test_a_run_id_that_is_in_use_is_refused(sandboxes: Sandboxes, plan: Plan) -> None:
    """Two runs never share a sandbox: the second is told to start again."""
    first = await sandboxes.bare(plan)
    second = await sandboxes.over(first.run_id)
    with pytest.raises(TargetError, match=f"run id {first.run_id} is in use"):
        await second.create(plan.tables)


async def test_a_schema_that_exists_is_refused_and_kept(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """Somebody else's schema of that very name is neither filled nor dropped."""
    before = await everything_of_others(admin)
    sandbox = await sandboxes.over("deadbeef")
    with pytest.raises(TargetError, match=r"perfengine_deadbeef.* already exists"):
        await sandbox.create(plan.tables)
    await sandbox.drop()
    assert await everything_of_others(admin) == before


async def test_tables_are_made_all_or_none(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """A table that the server refuses takes the schema with it, and the words say which part it was."""
    before = await everything_of_others(admin)
    sandbox = await sandboxes.over(new_run_id())
    with pytest.raises(TargetError, match='a part of the sandbox: relation "order" already exists'):
        await sandbox.create([*plan.tables, plan.table("order")])
    assert await everything_of_others(admin) == before


async def test_a_row_that_breaks_a_rule_is_found_when_constraints_are_added(
    sandboxes: Sandboxes, plan: Plan
) -> None:
    """Checking in bulk finds it, and the constraint is named."""
    sandbox = await sandboxes.bare(plan)
    await sandbox.connection.execute(
        "INSERT INTO \"order\" SELECT gen_random_uuid(), gen_random_uuid(), 'pending', -1, now(), now()"
    )
    with pytest.raises(TargetError, match="order_"):
        await sandbox.add_constraints(plan.tables)


async def test_a_function_hidden_by_the_catalog_is_refused(sandboxes: Sandboxes, plan: Plan) -> None:
    """pg_catalog comes first on every search path: a call would reach the server's own function."""
    sandbox = await sandboxes.bare(plan)
    ddl = "CREATE FUNCTION \"lower\"(text) RETURNS text LANGUAGE sql AS 'SELECT $1'"
    comment = "SELECT obj_description('pg_catalog.lower(text)'::regprocedure)"
    before = await sandbox.connection.fetchval(comment)
    with pytest.raises(TargetError, match=r'pg_catalog has "lower"\(text\) too'):
        await sandbox.add_functions([Function(name="lower", arguments="text", ddl=ddl)])
    assert await sandbox.connection.fetchval(comment) == before


async def test_a_table_hidden_by_the_catalog_is_refused(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """A superuser's statement would reach the server's own table."""
    before = await everything_of_others(admin)
    sandbox = await sandboxes.over(new_run_id())
    with pytest.raises(TargetError, match='pg_catalog has "pg_enum" too'):
        await sandbox.create([*plan.tables, replace(plan.table("customer"), name="pg_enum")])
    assert await everything_of_others(admin) == before


async def test_the_lock_lives_as_long_as_the_runs_session(sandboxes: Sandboxes, plan: Plan) -> None:
    """While it is open nobody else gets the lock; when it breaks, anybody does."""
    run = await sandboxes.bare(plan)
    other = await sandboxes.over(run.run_id)
    assert not await try_lock(other.connection, run.run_id)
    await run.connection.close()
    assert await try_lock(other.connection, run.run_id)


@pytest.mark.parametrize("run_id", ["00000000", "7fffffff", "80000000", "ffffffff"])
async def test_every_run_id_has_a_lock(sandboxes: Sandboxes, run_id: str) -> None:
    """The advisory lock takes signed integers; a run id is unsigned."""
    first, second = await sandboxes.over(run_id), await sandboxes.over(run_id)
    assert await try_lock(first.connection, run_id)
    assert not await try_lock(second.connection, run_id)


async def test_a_session_that_still_works_does_not_hold_the_drop_up(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """The last statement of a killed load process may run on and hold its locks: it is ended, others' are not."""
    sandbox = await sandboxes.furnished(plan)
    straggler = await sandboxes.over(sandbox.run_id)
    transaction = straggler.connection.transaction()
    await transaction.start()
    await straggler.connection.execute('LOCK TABLE "order"')
    theirs = await admin.fetchval("SELECT pg_backend_pid()")
    await sandbox.drop()
    assert await marked_runs(admin) == []
    assert await admin.fetchval("SELECT pg_backend_pid()") == theirs
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await straggler.connection.fetchval("SELECT 1")


def test_a_schema_is_named_after_its_run() -> None:
    """Eight hex digits, so that the lock can be named by it."""
    run_id = new_run_id()
    assert len(run_id) == 8
    assert schema_of(run_id) == f"perfengine_{int(run_id, 16):08x}"
