"""The tables of a sandbox are brought to rest, and nothing is left behind for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database.connect import close_connection
from perfengine.database.stabilise import _wait_for_autovacuum, stabilise
from perfengine.model.sql import quote_identifier
from perfengine.model.stabilising import Step

if TYPE_CHECKING:
    from perfengine.database.sandbox import Sandbox
    from perfengine.model.plan import Plan
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio

#: What no step may change.
LEFT = """
SELECT (SELECT array_agg(extname ORDER BY extname)::text[] FROM pg_extension) AS extensions,
       (SELECT setting FROM pg_settings WHERE name = 'autovacuum') AS autovacuum,
       (SELECT count(*) FROM pg_class WHERE reloptions::text LIKE '%autovacuum%') AS switched
"""


@pytest.fixture
async def sandbox(sandboxes: Sandboxes, plan: Plan) -> Sandbox:
    """Return a sandbox with tables and rows in one of them."""
    return await sandboxes.furnished(plan)


async def test_every_step(sandbox: Sandbox, admin: asyncpg.Connection) -> None:
    """A superuser's tables are read, analysed, at rest and on disk; no extension and no setting stays."""
    before = await admin.fetchrow(LEFT)
    taken = await stabilise(sandbox.connection, sandbox.schema)
    assert [step for step, *_ in taken] == list(Step)
    assert all(done for _, _, done, _ in taken)
    details = {step: detail for step, _, _, detail in taken}
    assert details[Step.PREWARM].startswith("pg_prewarm read ")
    assert details[Step.AUTOVACUUM] == "it was not at work"
    assert await admin.fetchrow(LEFT) == before
    analysed = await admin.fetchval(
        "SELECT bool_and(last_analyze IS NOT NULL) FROM pg_stat_user_tables WHERE schemaname = $1",
        sandbox.schema,
    )
    assert analysed


async def test_an_installed_extension_is_used(sandbox: Sandbox, admin: asyncpg.Connection) -> None:
    """It stays where it was."""
    await admin.execute('CREATE SCHEMA "Tools"')
    await admin.execute('CREATE EXTENSION pg_prewarm SCHEMA "Tools"')
    try:
        (step, _, done, detail), *_ = await stabilise(sandbox.connection, sandbox.schema)
        assert (step, done) == (Step.PREWARM, True)
        assert detail.startswith("pg_prewarm read ")
        assert await admin.fetchval("SELECT count(*) FROM pg_extension WHERE extname = 'pg_prewarm'") == 1
    finally:
        await admin.execute('DROP SCHEMA "Tools" CASCADE')


async def test_an_ordinary_role(sandbox: Sandbox, admin: asyncpg.Connection) -> None:
    """Without rights tables are scanned instead, a checkpoint is left out, and both are said."""
    schema = quote_identifier(sandbox.schema)
    await admin.execute("CREATE ROLE ordinary")
    try:
        await admin.execute(f"ALTER SCHEMA {schema} OWNER TO ordinary")
        for (table,) in await admin.fetch(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = $1", sandbox.schema
        ):
            await admin.execute(f"ALTER TABLE {schema}.{quote_identifier(table)} OWNER TO ordinary")
        await sandbox.connection.execute("SET ROLE ordinary")
        taken = {step: (done, detail) for step, _, done, detail in await _stabilised(sandbox)}
        assert taken[Step.PREWARM][0]
        assert "scans of" in taken[Step.PREWARM][1]
        assert "pg_prewarm cannot be had: permission denied" in taken[Step.PREWARM][1]
        assert taken[Step.ANALYZE][0]
        assert taken[Step.CHECKPOINT] == (
            False,
            "the role may not; grant pg_checkpoint, or expect one during the load",
        )
    finally:
        await sandbox.connection.execute("RESET ROLE")
        await admin.execute("REASSIGN OWNED BY ordinary TO CURRENT_USER")
        await admin.execute("DROP ROLE ordinary")


async def test_tables_larger_than_memory(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is scanned twice: blocks that push each other out are not warm."""
    monkeypatch.setattr(
        "perfengine.database.stabilise._SIZES",
        "SELECT 2::bigint AS bytes, 1::bigint AS buffer_bytes, $1::text",
    )
    (_, _, done, detail), *_ = await _stabilised(sandbox)
    assert done
    assert detail.endswith("instead: the tables are larger than shared_buffers")


async def test_a_vacuum_at_work_is_waited_for(
    sandbox: Sandbox, admin: asyncpg.Connection, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock that autovacuum holds on a table of ours: until it is gone, or the time is over."""
    table = f"{quote_identifier(sandbox.schema)}.{quote_identifier(plan.tables[0].name)}"
    transaction = admin.transaction()
    await transaction.start()
    await admin.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")
    connection = sandbox.connection

    schema = quote_identifier(sandbox.schema)
    assert await _wait_for_autovacuum(connection, schema, 0.5) == (False, "still at work after 0.5 s")

    async def release(_: float) -> None:
        await transaction.rollback()  # it ends while the other sleeps between two looks

    monkeypatch.setattr("perfengine.database.stabilise.anyio.sleep", release)
    assert await _wait_for_autovacuum(connection, schema, 30) == (True, "waited until it was done")


async def test_a_lost_server_is_no_missing_right(sandbox: Sandbox) -> None:
    """It ends the steps, so that the run says what happened."""
    await close_connection(sandbox.connection)
    with pytest.raises((asyncpg.InterfaceError, asyncpg.PostgresError, OSError)):
        await _stabilised(sandbox)


async def _stabilised(sandbox: Sandbox) -> list[tuple[Step, float, bool, str]]:
    return await stabilise(sandbox.connection, sandbox.schema)
