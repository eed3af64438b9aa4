"""What else lives on a server is what lives there."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database.company import read_company
from perfengine.database.connect import SessionSettings, open_connection

if TYPE_CHECKING:
    from perfengine.database.address import Address

pytestmark = pytest.mark.anyio

SLOT = "perfengine_test_company"


async def test_others_are_counted_and_runs_are_not(
    admin: asyncpg.Connection, inhabited: str, address: Address
) -> None:
    """Sessions that worked within a minute, what they call themselves, how large the database is, who follows it."""
    async with AsyncExitStack() as stack:
        ours = await open_connection(address, SessionSettings(run_id="0badcafe"))
        stack.push_async_callback(ours.close)
        before = await read_company(ours)
        for name in ("puma: shop", "perfengine/deadbeef/load", "puma: shop"):
            session = await asyncpg.connect(inhabited, server_settings={"application_name": name})
            stack.push_async_callback(session.close)
        await admin.fetch("SELECT pg_create_physical_replication_slot($1)", SLOT)
        try:
            company = await read_company(ours)
        finally:
            await admin.fetch("SELECT pg_drop_replication_slot($1)", SLOT)
        assert company.sessions_at_work == before.sessions_at_work + 2
        assert "puma: shop" in company.applications
        assert not any(name.startswith("perfengine/") for name in company.applications)
        assert (company.standbys, company.slots) == (0, before.slots + 1)
        assert 1_000_000 < company.size_bytes < 1_000_000_000
