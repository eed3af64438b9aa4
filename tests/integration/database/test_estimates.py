"""How large tables of others are, before anybody reads them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database import estimates
from perfengine.database.estimates import count_small, size_bytes_of
from tests.integration.made import execute, made_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from perfengine.embedded.server import EmbeddedServer

pytestmark = pytest.mark.anyio

TABLES = """
CREATE TABLE plain AS SELECT n AS id FROM generate_series(1, 5000) AS n;
CREATE TABLE parted (id int) PARTITION BY RANGE (id);
CREATE TABLE low PARTITION OF parted FOR VALUES FROM (0) TO (2000);
CREATE TABLE high PARTITION OF parted FOR VALUES FROM (2000) TO (10000) PARTITION BY RANGE (id);
CREATE TABLE highest PARTITION OF high DEFAULT;
INSERT INTO parted SELECT id FROM plain;
CREATE TABLE parent (id int);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child SELECT id FROM plain;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM plain;
CREATE VIEW looking AS SELECT id FROM plain;
CREATE TABLE "Odd.name" AS SELECT id FROM plain;
"""


@pytest.fixture(scope="module")
def tables(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database with tables of every kind, each with the same 5000 rows."""
    with made_database(server) as dsn:
        execute(dsn, TABLES)
        yield dsn


@pytest.fixture
async def connection(anyio_backend: object, tables: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection to it."""
    del anyio_backend
    connection = await asyncpg.connect(tables)
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    ("relation", "parts"),
    [
        ("plain", ["plain"]),
        ('"Odd.name"', ['"Odd.name"']),
        ("parted", ["low", "highest"]),
        ("high", ["highest"]),
        ("low", ["low"]),
        ("parent", ["child"]),
        ("kept", ["kept"]),
    ],
)
async def test_the_size_is_that_of_what_is_read(
    connection: asyncpg.Connection, relation: str, parts: list[str]
) -> None:
    """That of a plain table was 0: so one of any size was counted, row by row, before and after every phase.

    pg_partition_tree has no row for a table that is no part of a tree.
    """
    sizes = [await connection.fetchval("SELECT pg_relation_size($1::regclass)", part) for part in parts]
    assert await size_bytes_of(connection, relation) == sum(sizes) > 0


@pytest.mark.parametrize("relation", ["plain", "parted", "parent", "kept"])
async def test_what_is_large_is_not_counted(
    connection: asyncpg.Connection, relation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take its server minutes."""
    assert await count_small(connection, relation) == 5000
    monkeypatch.setattr(estimates, "COUNTED_BYTES", 8192)
    assert await count_small(connection, relation) is None


async def test_a_view_has_no_size(connection: asyncpg.Connection) -> None:
    """What it reads, nobody knows before it is read."""
    assert await size_bytes_of(connection, "looking") == 0
    assert await count_small(connection, "looking") == 5000
