"""Connections to a database that is a test's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database.address import Address, address_of
from tests.doubles.event_loops import EVENT_LOOPS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture(params=EVENT_LOOPS[-1:])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """Return the event loop of a test: one is enough where the server does the work."""
    return request.param


@pytest.fixture
def address(database: str) -> Address:
    """Return the address of the test's database."""
    return address_of(database, "--dsn", {})


@pytest.fixture
async def admin(anyio_backend: object, database: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection of somebody else: it knows nothing of sandboxes."""
    del anyio_backend
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()
