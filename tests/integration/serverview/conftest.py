"""A database of its own, sessions of a run on it, and a watch."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from perfengine.serverview import inquiry
from perfengine.serverview.watch import ServerWatch, watch_server
from tests.doubles.event_loops import EVENT_LOOPS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

RUN_ID = "0badcafe"
OURS = f"perfengine/{RUN_ID}"
VERSION = 180000


@pytest.fixture(params=EVENT_LOOPS[-1:])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """Return the event loop of a test: one is enough where the server does the work."""
    return request.param


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a server that stalls: that a run does not is said where the connection is one by hand."""
    monkeypatch.setattr(inquiry, "STATEMENT_TIMEOUT_MS", 60_000)
    monkeypatch.setattr(inquiry, "ANSWER_TIMEOUT_S", 60.0)
    monkeypatch.setattr(inquiry, "OPEN_TIMEOUT_S", 60.0)


@dataclass(frozen=True, slots=True)
class Stage:
    """A database, and how to come to it."""

    dsn: str

    @asynccontextmanager
    async def session(self, application: str = OURS) -> AsyncIterator[asyncpg.Connection]:
        """Give a session of that name for the block."""
        connection = await asyncpg.connect(self.dsn, server_settings={"application_name": application})
        try:
            yield connection
        finally:
            connection.terminate()

    @asynccontextmanager
    async def watch(self, **options: Any) -> AsyncIterator[ServerWatch]:
        """Give a watch for the block."""
        settings: dict[str, Any] = {
            "version_number": VERSION,
            "run_id": RUN_ID,
            "local": True,
            "socket": True,
        }
        watch = watch_server(self.connect, **(settings | options))
        try:
            yield watch
        finally:
            watch.close()

    async def connect(self) -> asyncpg.Connection:
        """Return a connection as the engine opens it."""
        return await asyncpg.connect(self.dsn, statement_cache_size=0)


@pytest.fixture
def stage(database: str) -> Stage:
    """Return a database that nobody else uses."""
    return Stage(database)
