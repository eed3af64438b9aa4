"""The client on a real server: values, transactions, and statements that the server parses once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.custom.client import Client
from perfengine.ports.python_operations import Refused
from tests.draws import draw_of

if TYPE_CHECKING:
    from tests.integration.custom.conftest import Open

pytestmark = pytest.mark.anyio

_CALLS = 8
_OURS = (
    "SELECT count(*), sum(generic_plans + custom_plans)::int FROM pg_prepared_statements WHERE statement = $1"
)


async def insert_and_refuse(client: Client) -> None:
    """Change something and refuse."""
    async with client.transaction():
        await client.execute("INSERT INTO number VALUES ($1)", 4)
        client.refuse("not today")


async def test_the_four_calls(client: Client) -> None:
    """Rows by name and position, one row, one value, a command tag; twice, for the second call is another path."""
    for _ in range(2):
        rows = await client.fetch("SELECT value FROM number WHERE value >= $1 ORDER BY value", 1)
        assert [(row["value"], row[0], len(row)) for row in rows] == [(1, 1, 1), (2, 2, 1)]
        row = await client.fetchrow("SELECT value, 'x' AS word FROM number WHERE value = $1", 2)
        assert row is not None
        assert dict(row.items()) == {"value": 2, "word": "x"}
        assert await client.fetchrow("SELECT 1 FROM number WHERE value = $1", 99) is None
        assert await client.fetchval("SELECT max(value) FROM number WHERE value < $1", 9) == 2
        assert await client.execute("UPDATE number SET value = value WHERE value <= $1", 2) == "UPDATE 2"


async def test_a_statement_is_parsed_once(client: Client) -> None:
    """The server has it by name, and counts all its calls as runs of one plan."""
    sql = "SELECT value FROM number WHERE value = $1"
    for call in (client.fetch, client.fetchrow, client.fetchval, client.execute):
        for number in range(_CALLS):
            await call(sql, number)
    assert tuple(await client.fetchrow(_OURS, sql) or ()) == (1, 4 * _CALLS)


async def test_unprepared_statements_leave_nothing_on_the_session(open_driver: Open) -> None:
    """As a pooler in transaction mode needs it."""
    client = Client(await open_driver(), draw_of("test"), prepare=False)
    assert [await client.fetchval("SELECT $1::int + 1", number) for number in range(3)] == [1, 2, 3]
    assert await client.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''") == 0


async def test_a_transaction_is_kept_or_undone(client: Client) -> None:
    """COMMIT at its end, ROLLBACK when it raises, which a refusal does; a block inside it is a savepoint."""
    async with client.transaction():
        await client.execute("INSERT INTO number VALUES ($1)", 3)
        with pytest.raises(asyncpg.UniqueViolationError):
            async with client.transaction():
                await client.execute("INSERT INTO number VALUES ($1)", 3)
    with pytest.raises(Refused):
        await insert_and_refuse(client)
    assert [row[0] for row in await client.fetch("SELECT value FROM number ORDER BY value")] == [1, 2, 3]


@pytest.mark.parametrize("level", ["serializable", "REPEATABLE READ", "repeatable_read", "read committed"])
async def test_the_isolation_level_is_the_one_asked_for(client: Client, level: str) -> None:
    """However it is spelled."""
    async with client.transaction(isolation=level):
        assert await client.fetchval("SHOW transaction_isolation") == level.lower().replace("_", " ")


async def test_a_readonly_transaction_changes_nothing(client: Client) -> None:
    """The server sees to it."""
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with client.transaction(readonly=True):
            await client.execute("INSERT INTO number VALUES ($1)", 5)


async def test_a_failed_statement_leaves_the_session_usable(client: Client) -> None:
    """Its prepared statement is run again by the next attempt."""
    for _ in range(2):
        with pytest.raises(asyncpg.UniqueViolationError):
            await client.execute("INSERT INTO number VALUES ($1)", 1)
    assert await client.execute("INSERT INTO number VALUES ($1)", 6) == "INSERT 0 1"
