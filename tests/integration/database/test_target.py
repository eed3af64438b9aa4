"""The real target does what the load loop relies on, in the same cases as the in-memory one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings
from perfengine.database.target import AsyncpgTarget
from perfengine.units import NS_PER_S
from tests.doubles.event_loops import EVENT_LOOPS
from tests.doubles.target_cases import TargetCases
from tests.integration.made import execute, made_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from perfengine.embedded.server import EmbeddedServer

SETTINGS = SessionSettings(run_id="0badcafe")
SCHEMA = """
CREATE TABLE "number" (value integer CONSTRAINT "positive" CHECK (value > 0));
INSERT INTO "number" VALUES (1);
CREATE FUNCTION raise_exception(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
"""
OURS = "FROM pg_stat_activity WHERE application_name = 'perfengine/0badcafe/setup' AND datname = current_database()"


@dataclass
class RealStage:
    """The target over asyncpg, and what a test does to its server."""

    target: AsyncpgTarget
    closed: AsyncpgTarget
    impatient: AsyncpgTarget
    admin: asyncpg.Connection

    async def wait_until_busy(self) -> None:
        """Return when one of our sessions runs a statement."""
        busy = f"SELECT count(*) {OURS} AND state = 'active'"
        while not await self.admin.fetchval(busy):  # noqa: ASYNC110 - it happens in the server
            await anyio.sleep(0.002)

    async def kill(self) -> None:
        """End our sessions."""
        await self.admin.fetch(f"SELECT pg_terminate_backend(pid) {OURS}")


@pytest.fixture(scope="module")
def numbers(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database with a table of numbers, for all cases."""
    with made_database(server) as dsn:
        execute(dsn, SCHEMA)
        yield dsn


class TestAsyncpgTarget(TargetCases):
    """The shared cases, over a server."""

    @pytest.fixture(params=EVENT_LOOPS)
    def anyio_backend(self, request: pytest.FixtureRequest) -> object:
        """Return the event loop: the driver has code of its own for each."""
        return request.param

    @pytest.fixture
    async def stage(self, numbers: str, server: EmbeddedServer) -> AsyncIterator[RealStage]:
        """Yield the target with a table of numbers behind it."""
        target = AsyncpgTarget(address=address_of(numbers, "--dsn", {}), settings=SETTINGS)
        nowhere = address_of(server.dsn_of("nosuch"), "--dsn", {})
        hasty = replace(SETTINGS, statement_timeout_ns=NS_PER_S)
        admin = await asyncpg.connect(numbers)
        yield RealStage(
            target=target,
            closed=replace(target, address=nowhere),
            impatient=replace(target, settings=hasty),
            admin=admin,
        )
        await admin.close()
