"""Server sessions of a pooler are everybody's: the end of a run does not end them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.database.connect import application_of
from perfengine.database.sandbox import Sandbox
from tests.entities import compile_entities, make_order

if TYPE_CHECKING:
    from tests.integration.pooler.runs import Pooled

RUN_ID = "0badcafe"


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
