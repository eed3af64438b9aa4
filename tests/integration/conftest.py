"""What all tests of a session share: a real PostgreSQL with a fresh database for who asks, and quick commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.embedded.server import EmbeddedServer, start_ephemeral
from tests.forked import Forker, shared_forker
from tests.integration.bystanders import BYSTANDERS
from tests.integration.engine.looking import Onlooker
from tests.integration.made import execute, made_database

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


@pytest.fixture(scope="session")
def forking() -> Forker:
    """Return what runs commands without the start of Python each time."""
    return shared_forker()


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database that is this test's alone; it is dropped afterwards, sessions and all."""
    with made_database(server) as dsn:
        yield dsn


@pytest.fixture
def inhabited(database: str) -> str:
    """Return the address of a database that is this test's alone, with things in it that are not ours."""
    execute(database, BYSTANDERS)
    return database


@pytest.fixture
def onlooker(inhabited: str) -> Iterator[Onlooker]:
    """Yield somebody who looks at that database while it is loaded."""
    looking = Onlooker(inhabited)
    yield looking
    looking.close()
