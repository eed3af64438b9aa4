"""A sandbox schema, and sessions that see it alone, as those of a run do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from perfengine.custom.client import Client
from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.sandbox import new_run_id, schema_of
from tests.doubles.event_loops import EVENT_LOOPS
from tests.draws import draw_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Open = Callable[[], Awaitable[Any]]


@pytest.fixture(params=EVENT_LOOPS)
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """Return the event loop of a test: the driver has code of its own for each."""
    return request.param


@pytest.fixture
async def open_driver(anyio_backend: object, database: str) -> AsyncIterator[Open]:
    """Yield what opens a session of one run; all are closed at the end."""
    del anyio_backend
    run_id = new_run_id()
    settings = SessionSettings(run_id=run_id, schema=schema_of(run_id))
    opened: list[Any] = []

    async def open_one() -> Any:
        opened.append(await open_connection(address_of(database, "--dsn", {}), settings))
        return opened[-1]

    await (await open_one()).execute(f"CREATE SCHEMA {schema_of(run_id)}")
    yield open_one
    for connection in opened:
        await close_connection(connection)


@pytest.fixture
async def client(open_driver: Open) -> Client:
    """Return a client on a session with a table of numbers."""
    driver = await open_driver()
    await driver.execute("CREATE TABLE number (value int UNIQUE); INSERT INTO number VALUES (1), (2)")
    return Client(driver, draw_of("test"))
