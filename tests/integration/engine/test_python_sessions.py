"""Operations in Python that share sessions: what they leave behind, and what they raise that no database said."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import perfengine

CLIENTS = 3
#: What was done on which session, by the class that did it.
SET_UP: list[str] = []
TORN_DOWN: list[str] = []


class Shop:
    """Notes the end of each of its sessions, after a statement that takes its time."""

    async def set_up(self, client: perfengine.Client) -> None:
        """Note that a session was made ready."""
        SET_UP.append(type(self).__name__)
        await client.fetchval("SELECT 1")

    async def run(self, client: perfengine.Client) -> None:
        """Look around."""
        await client.fetchval("SELECT 1")

    async def tear_down(self, client: perfengine.Client) -> None:
        """Work on the session, as what gives something back does."""
        await client.fetchval("SELECT count(*) FROM generate_series(1, 100000)")
        TORN_DOWN.append(type(self).__name__)


class Baker(Shop):
    """One of two on the same sessions."""


class Butcher(Shop):
    """The other."""


class Thief(Shop):
    """Gives nothing back."""

    async def tear_down(self, client: perfengine.Client) -> None:
        """Fail at once, while others are at work."""
        await client.execute("this is no SQL")


class Counter:
    """Opens a counter of its own for each session, under a name that nobody else has."""

    async def set_up(self, client: perfengine.Client) -> None:
        """Open it."""
        await client.execute("INSERT INTO counter VALUES ($1)", client.draw.uuid())

    async def run(self, client: perfengine.Client) -> None:
        """Look at it."""
        await client.fetchval("SELECT 1")

    async def tear_down(self, client: perfengine.Client) -> None:
        """Leave another."""
        await client.execute("INSERT INTO counter VALUES ($1)", client.draw.uuid())
        TORN_DOWN.append(str(await client.fetchval("SELECT count(*) FROM counter")))


async def make_counters(client: perfengine.Client) -> None:
    """Make the table."""
    await client.execute("CREATE TABLE counter (id uuid PRIMARY KEY)")


async def read_a_file(_: perfengine.Client) -> None:
    """Look for what is not there."""
    raise FileNotFoundError("/nowhere/at/all")


async def lose_patience(client: perfengine.Client) -> None:
    """Wait no longer than a deadline of its own."""
    async with asyncio.timeout(0.01):
        await client.fetchval("SELECT pg_sleep(60)")


@pytest.fixture(autouse=True)
def _nothing_noted() -> None:
    SET_UP.clear()
    TORN_DOWN.clear()


def run(database: str, *operations: Any, **options: Any) -> perfengine.RunResult:
    """Return the result of a mix of operations on shared sessions."""
    asked = {"mode": "mix", "iterations": 30, "warmup": "100ms", "concurrency": CLIENTS, **options}
    return perfengine.run(*operations, dsn=database, **asked)


def test_tear_downs_on_one_session_do_not_overlap(database: str) -> None:
    """Two classes of a mix share each session; their ends used to run at once, and the driver refused the second."""
    result = run(database, Baker, Butcher)
    assert sorted(TORN_DOWN) == ["Baker"] * CLIENTS + ["Butcher"] * CLIENTS
    assert not [note for note in result.notes if note.startswith("tear-down")]


def test_a_tear_down_that_fails_leaves_the_others_their_own(database: str) -> None:
    """It used to cut off all that were under way, on other sessions too; it is said, and nothing else changes."""
    result = run(database, Thief, Baker)
    assert TORN_DOWN == ["Baker"] * CLIENTS
    (note,) = (note for note in result.notes if note.startswith("tear-down"))
    assert "PostgresSyntaxError" in note


@pytest.mark.parametrize(
    ("operation", "error_class"), [(read_a_file, "FileNotFoundError"), (lose_patience, "TimeoutError")]
)
def test_what_the_database_has_no_part_in_loses_no_connection(
    database: str, operation: Any, error_class: str
) -> None:
    """It counts under its class, as documented.

    Any OSError was taken for the connection's: counted in doubt, and a new session was opened after each attempt.
    """
    result = run(database, operation, Shop)
    failures = {
        (failure.error_class, failure.lost)
        for one in result.operations
        for failure in one.measurement.failures
    }
    assert failures == {(error_class, False)}
    assert len(SET_UP) == CLIENTS
    shop = next(one for one in result.operations if one.operation.name == "Shop")
    assert shop.ok == shop.attempts > 0


def test_set_ups_of_sessions_draw_values_of_their_own(database: str) -> None:
    """All sessions drew the same: a uuid "that nothing else draws" was refused from the second session on."""
    result = run(database, Counter, setup=make_counters)
    assert max(map(int, TORN_DOWN)) == 2 * CLIENTS
    assert not [note for note in result.notes if note.startswith("tear-down")]
