"""A database with things in it that are not ours, sandboxes on it, and rows of ours among those of others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database.address import Address, address_of
from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.ledger import Ledger, found_ledgers
from perfengine.database.sandbox import Sandbox, marked_runs, new_run_id, schema_of
from perfengine.datagen.layout import RowSource
from tests.doubles.event_loops import EVENT_LOOPS
from tests.entities import compile_entities, make_order
from tests.integration.bystanders import BYSTANDERS
from tests.integration.database.shop import SHOP, Ours
from tests.integration.made import execute, made_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from perfengine.embedded.server import EmbeddedServer
    from perfengine.model.plan import Plan

ANCHOR = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(params=EVENT_LOOPS[-1:])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """Return the event loop of a test: one is enough where the server does the work."""
    return request.param


@pytest.fixture(scope="module")
def inhabited(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database that others use, for all tests of a file."""
    with made_database(server) as dsn:
        execute(dsn, BYSTANDERS)
        yield dsn


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Return the plan of the original document's order, with a small data set."""
    return compile_entities(make_order())


@pytest.fixture
def address(inhabited: str) -> Address:
    """Return the address of the file's database."""
    return address_of(inhabited, "--dsn", {})


@pytest.fixture
async def admin(anyio_backend: object, inhabited: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection of somebody else: it knows nothing of sandboxes."""
    del anyio_backend
    connection = await asyncpg.connect(inhabited)
    yield connection
    await connection.close()


@dataclass
class Sandboxes:
    """Makes sandboxes, each over a connection of its own."""

    address: Address
    connections: list[asyncpg.Connection] = field(default_factory=list)

    async def over(self, run_id: str) -> Sandbox:
        """Return the sandbox of a run over a new connection; nothing is made."""
        settings = SessionSettings(run_id=run_id, schema=schema_of(run_id))
        connection = await open_connection(self.address, settings)
        self.connections.append(connection)
        return Sandbox(connection=connection, run_id=run_id)

    async def bare(self, plan: Plan) -> Sandbox:
        """Return a new sandbox with bare tables."""
        sandbox = await self.over(new_run_id())
        await sandbox.create(plan.tables)
        return sandbox

    async def furnished(self, plan: Plan) -> Sandbox:
        """Return a new sandbox with everything in it but rows."""
        sandbox = await self.bare(plan)
        await sandbox.add_constraints(plan.tables)
        await sandbox.add_functions(plan.functions)
        return sandbox


@pytest.fixture
async def sandboxes(admin: asyncpg.Connection, address: Address) -> AsyncIterator[Sandboxes]:
    """Yield a maker of sandboxes; those that are left at the end are dropped."""
    made = Sandboxes(address)
    yield made
    for connection in made.connections:
        await close_connection(connection)
    for run_id in await marked_runs(admin):
        await admin.execute(f"DROP SCHEMA {schema_of(run_id)} CASCADE")


@pytest.fixture
def source(plan: Plan) -> RowSource:
    """Return what the rows of the plan are computed from."""
    return RowSource(seed=plan.seed, tables={table.name: table for table in plan.tables}, rows=plan.data_rows)


@pytest.fixture(scope="module")
def shop_server(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database for all tests of this file."""
    with made_database(server) as dsn:
        yield dsn


@pytest.fixture
def shop(shop_server: str) -> Iterator[str]:
    """Yield the address with tables of others in it, made anew for each test."""
    execute(shop_server, SHOP)
    yield shop_server
    execute(shop_server, "DROP SCHEMA shop CASCADE")


@pytest.fixture
async def other(anyio_backend: object, shop: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection of somebody else."""
    del anyio_backend
    connection = await asyncpg.connect(shop)
    yield connection
    await connection.close()


@pytest.fixture
async def ours(other: asyncpg.Connection, shop: str) -> AsyncIterator[Ours]:
    """Yield a run with a ledger."""
    run_id = new_run_id()
    address = address_of(shop, "--dsn", {})
    connection = await open_connection(address, SessionSettings(run_id=run_id, lock_timeout_ns=200_000_000))
    ledger = Ledger(connection=connection, run_id=run_id)
    await ledger.create()
    yield Ours(ledger)
    await close_connection(connection)
    for found in await found_ledgers(other):
        await other.execute(f"DROP SCHEMA {schema_of(found.run_id)} CASCADE")
