"""A server for the commands that name one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.embedded.server import start_ephemeral

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    """Yield the address of a server that stands for the reader's own."""
    with start_ephemeral() as server:
        yield server.dsn
