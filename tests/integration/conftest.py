"""One real PostgreSQL for all tests of a session, and a fresh database on it for each test that asks."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.embedded.server import EmbeddedServer, start_ephemeral

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """Yield a running server; it lasts as long as the test session."""
    with start_ephemeral() as running:
        yield running


@pytest.fixture(scope="session")
def dsn(server: EmbeddedServer) -> str:
    """Return the address of the server's own database, which tests share."""
    return server.dsn


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database that is this test's alone; it is dropped afterwards, sessions and all."""
    name = f"test_{uuid.uuid4().hex}"
    asyncio.run(_execute(server.dsn, f'CREATE DATABASE "{name}"'))
    yield server.dsn_of(name)
    asyncio.run(_execute(server.dsn, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
