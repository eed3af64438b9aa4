"""Server sessions of a pooler are everybody's: the end of a run does not end them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.database.connect import application_of
from perfengine.database.giving_way import OwnSessions, give_way
from perfengine.database.sandbox import Sandbox
from tests.entities import compile_entities, make_order

if TYPE_CHECKING:
    from tests.integration.pooler.runs import Pooled

RUN_ID = "0badcafe"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def test_dropping_ends_only_what_touches_the_sandbox(pooled: Pooled) -> None:
    """A pooler's session that kept our name and serves somebody else goes on; one of ours that works does not."""

    async def main() -> None:
        named = {"application_name": application_of(RUN_ID)}
        own = await asyncpg.connect(pooled.direct, server_settings={"search_path": f"perfengine_{RUN_ID}"})
        theirs = await asyncpg.connect(pooled.direct, server_settings=named)
        ours = await asyncpg.connect(pooled.direct, server_settings=named)
        sandbox = Sandbox(connection=own, run_id=RUN_ID)
        await sandbox.create(compile_entities(make_order()).tables)
        await theirs.execute("BEGIN; SELECT count(*) FROM public.account")
        await ours.execute(f'BEGIN; SELECT count(*) FROM {sandbox.schema}."order"')
        await sandbox.drop()
        assert await theirs.fetchval("SELECT 1") == 1
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await ours.fetchval("SELECT 1")
        for connection in (own, theirs, ours):
            connection.terminate()

    anyio.run(main)


def test_giving_way_ends_only_what_touches_the_sandbox(pooled: Pooled) -> None:
    """A transaction of somebody else, on a session that kept our name, was ended with ours."""

    async def main() -> None:
        named = {"application_name": f"{application_of(RUN_ID)}/load"}
        connections = [await asyncpg.connect(pooled.direct, server_settings=named) for _ in range(2)]
        ours, theirs = connections
        connections += [await asyncpg.connect(pooled.direct) for _ in range(3)]
        own, *waiting = connections[2:]
        await own.execute(
            f"CREATE SCHEMA perfengine_{RUN_ID}; CREATE TABLE perfengine_{RUN_ID}.parcel (id int)"
        )
        await ours.execute(f"BEGIN; LOCK public.account; LOCK perfengine_{RUN_ID}.parcel")
        await theirs.execute("BEGIN; LOCK public.ledger")
        behind = [f"LOCK public.{table}" for table in ("account", "ledger")]
        try:
            async with anyio.create_task_group() as tasks:
                for session, statement in zip(waiting, behind, strict=True):
                    tasks.start_soon(session.execute, f"BEGIN; {statement}; COMMIT")
                with anyio.fail_after(20):
                    while await own.fetchval(WAITING) < 2:  # noqa: ASYNC110 - it happens in the server
                        await anyio.sleep(0.005)
                schema = f"perfengine_{RUN_ID}"
                nowhere = OwnSessions(run_id=RUN_ID, pooled=True)
                assert await give_way(own, nowhere) == 0
                assert await give_way(own, OwnSessions(run_id=RUN_ID, pooled=True, schema=schema)) == 1
                await theirs.execute("COMMIT")
        finally:
            await own.execute(f"DROP SCHEMA perfengine_{RUN_ID} CASCADE")
            for connection in connections:
                connection.terminate()

    anyio.run(main)
