"""A database that others use, to run against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.bystanders import BYSTANDERS
from tests.integration.engine.looking import Onlooker
from tests.integration.made import execute, made_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.server import EmbeddedServer


@pytest.fixture
def inhabited(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database that is this test's alone, with things in it that are not ours."""
    with made_database(server) as dsn:
        execute(dsn, BYSTANDERS)
        yield dsn


@pytest.fixture
def onlooker(inhabited: str) -> Iterator[Onlooker]:
    """Yield somebody who looks at that database while it is loaded."""
    looking = Onlooker(inhabited)
    yield looking
    looking.close()
