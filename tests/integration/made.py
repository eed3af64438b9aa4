"""A database made for some tests and dropped after them."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.sandbox import connected

if TYPE_CHECKING:
    from collections.abc import Iterator

    import asyncpg

    from perfengine.embedded.server import EmbeddedServer


@contextmanager
def made_database(server: EmbeddedServer) -> Iterator[str]:
    """Give the address of a new database for the block; it is dropped after it, sessions and all."""
    name = f"test_{uuid.uuid4().hex}"
    execute(server.dsn, f'CREATE DATABASE "{name}"')
    try:
        yield server.dsn_of(name)
    finally:
        execute(server.dsn, f'DROP DATABASE "{name}" WITH (FORCE)')


def execute(dsn: str, *statements: str) -> None:
    """Run statements as somebody who is not perfengine."""

    async def work(connection: asyncpg.Connection) -> None:
        for statement in statements:
            await connection.execute(statement)

    connected(dsn, work)
