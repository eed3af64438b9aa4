"""The settings of a session and the encoding of a database change no value."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, Recent
from perfengine.model.sql import quote_literal
from tests.integration.datagen.twins import rows_of_python, rows_of_server
from tests.sandbox import connected
from tests.tables import between, make_column, make_source, make_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.server import EmbeddedServer

DAY_S = 86_400
INDEXES = range(300)
TABLE = make_table(
    "back\\slash it's",
    make_column("day", FieldType.DATE, Recent(seconds=3 * DAY_S)),
    make_column("at", FieldType.TIMESTAMP, Recent(seconds=400 * DAY_S)),
    make_column("due", FieldType.DATE, Choice(values=("2026-02-03", "1999-12-31"))),
    make_column("words", FieldType.TEXT, Choice(values=("a\\b", "it's", "\\'"))),
    make_column("weight", FieldType.FLOAT, between("-0.1", "0.1")),
)
#: `due` is told as text, which only the server reads as a date.
BOUND = make_table(TABLE.name, *(column for column in TABLE.columns[1:] if column.name != "due"))
SETTINGS = [
    "SET TIME ZONE 'America/New_York'",
    "SET TIME ZONE 'Asia/Kathmandu'",
    "SET TIME ZONE 'Pacific/Kiritimati'",
    "SET TIME ZONE INTERVAL '-11:30' HOUR TO MINUTE",
    "SET DateStyle = 'SQL, DMY'",
    "SET IntervalStyle = 'sql_standard'",
    "SET standard_conforming_strings = off; SET escape_string_warning = off",
    "SET backslash_quote = off",
    "SET extra_float_digits = -15",
    "SET array_nulls = off",
    "SET plan_cache_mode = force_generic_plan",
    "SET jit_above_cost = 0; SET max_parallel_workers_per_gather = 4",
]


def rows_in_session(database: str, schema: str, settings: str) -> list[tuple[object, ...]]:
    """Return the rows that a session with these settings makes, in a schema of their own."""
    found: list[tuple[object, ...]] = []

    async def make(connection: asyncpg.Connection) -> None:
        await connection.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}; {settings}")
        found.extend(await rows_of_server(connection, make_source(TABLE), TABLE, INDEXES))

    connected(database, make)
    return found


@pytest.fixture
def usual_rows(database: str) -> list[tuple[object, ...]]:
    """Return the rows that a session in UTC makes."""
    return rows_in_session(database, "usual", "SET TIME ZONE 'UTC'")


@pytest.mark.parametrize("settings", SETTINGS)
def test_settings_change_nothing(database: str, usual_rows: list[tuple[object, ...]], settings: str) -> None:
    """Whatever zone, style or planner setting a session has, the same instants, dates and texts come out."""
    assert len(usual_rows) == len(INDEXES)
    assert rows_in_session(database, "other", settings) == usual_rows


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_python_agrees_in_any_zone(database: str, zone: str) -> None:
    """In a session of any time zone the server and Python make the same rows."""

    async def compare(connection: asyncpg.Connection) -> None:
        await connection.execute(f"SET TIME ZONE '{zone}'")
        source = make_source(BOUND)
        served = await rows_of_server(connection, source, BOUND, INDEXES)
        assert len(served) == len(INDEXES)
        assert served == await rows_of_python(connection, source, BOUND, INDEXES)

    connected(database, compare)


@pytest.mark.parametrize("conforming", ["on", "off"])
def test_literals_read_the_same(database: str, conforming: str) -> None:
    """A quoted text comes back as it was, however the session reads backslashes."""
    texts = ["", "it's", "a\\b", "\\", "\\'", "''", "\\\\'; --", 'say "x"', "größe €", "line\nend", "$1 %s"]

    async def compare(connection: asyncpg.Connection) -> None:
        await connection.execute(f"SET standard_conforming_strings = {conforming}")
        for text in texts:
            assert await connection.fetchval(f"SELECT {quote_literal(text)}::text") == text

    connected(database, compare)


@pytest.fixture(params=["LATIN1", "SQL_ASCII"])
def other_encoding(server: EmbeddedServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of a database that does not hold its texts in UTF-8."""
    name = f"test_{request.param.lower()}"

    async def execute(statement: str) -> None:
        connection = await asyncpg.connect(server.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute(f"CREATE DATABASE {name} ENCODING '{request.param}' LOCALE 'C' TEMPLATE template0"))
    yield server.dsn_of(name)
    asyncio.run(execute(f"DROP DATABASE {name} WITH (FORCE)"))


def test_encoding_changes_no_digest(other_encoding: str) -> None:
    """Names beyond ASCII are hashed as UTF-8 whatever the database's encoding, so that keys agree."""
    table = make_table(
        "größe", make_column("länge", FieldType.INTEGER, between(1, 99)), make_column("maß", FieldType.TEXT)
    )

    async def compare(connection: asyncpg.Connection) -> None:
        source = make_source(table)
        served = await rows_of_server(connection, source, table, INDEXES)
        assert len(served) == len(INDEXES)
        assert served == await rows_of_python(connection, source, table, INDEXES)

    connected(other_encoding, compare)
