"""A server for the commands that name one, and what runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.embedded.server import start_ephemeral
from tests.forked import Forker, shared_forker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    """Yield the address of a server that stands for the reader's own."""
    with start_ephemeral() as server:
        yield server.dsn


@pytest.fixture(scope="session")
def forking() -> Forker:
    """Return what runs commands without the start of Python each time."""
    return shared_forker()
