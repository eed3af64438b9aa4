"""The client is thin: what it prepares, what it keeps, and that nothing stands between a call and the driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.custom.client import MAX_STATEMENTS, Client
from perfengine.errors import UsageError
from perfengine.model.outcome import Outcome
from perfengine.ports.python_operations import Refused
from tests.doubles.driver import FakeDriver
from tests.draws import draw_of

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio


def client_on(driver: FakeDriver, *, prepare: bool = True) -> Client:
    """Return a client on that connection."""
    return Client(driver, draw_of("stream"), prepare=prepare)


def told(driver: FakeDriver) -> list[str]:
    """Return what the connection was told to do."""
    return [what for what, _, _ in driver.calls]


@pytest.mark.parametrize("method", ["fetch", "fetchrow", "fetchval"])
async def test_a_statement_is_prepared_once(method: str) -> None:
    """The second call runs what the first one prepared, under a name."""
    driver = FakeDriver()
    call: Callable[..., object] = getattr(client_on(driver), method)
    replies = [await call("SELECT $1", number) for number in (1, 2)]  # type: ignore[misc]
    assert replies == {"fetch": [[(1,)], [(2,)]], "fetchrow": [(1,), (2,)], "fetchval": [1, 2]}[method]
    assert told(driver) == ["prepare", f"prepared {method}", f"prepared {method}"]


async def test_a_call_made_before_is_the_drivers_own_coroutine() -> None:
    """Nothing of ours is awaited in the measured path."""
    driver = FakeDriver()
    client = client_on(driver)
    await client.fetch("SELECT $1", 1)
    again = client.fetch("SELECT $1", 2)
    assert again is driver.statements[0].coroutines[-1]
    await again


async def test_no_two_statements_have_one_name() -> None:
    """Several operations share a session, each with a client of its own."""
    driver = FakeDriver()
    for client in (client_on(driver), client_on(driver)):
        await client.fetchval("SELECT $1", 1)
        await client.fetchval("SELECT $1 + 1", 1)
    names = [args[0] for what, _, args in driver.calls if what == "prepare"]
    assert len(set(names)) == 4


async def test_execute_with_arguments_is_prepared_and_without_goes_as_it_is() -> None:
    """A script of several statements cannot be prepared."""
    driver = FakeDriver()
    client = client_on(driver)
    assert [await client.execute("UPDATE a SET b = $1", 1) for _ in range(2)] == ["SELECT 1"] * 2
    await client.execute("CREATE TABLE a (); CREATE TABLE b ()")
    assert told(driver) == ["prepare", "prepared fetch", "prepared fetch", "execute"]


async def test_without_preparing_every_call_is_the_drivers() -> None:
    """As poolers in transaction mode need it."""
    driver = FakeDriver()
    client = client_on(driver, prepare=False)
    calls: tuple[Callable[..., Any], ...] = (client.fetch, client.fetchrow, client.fetchval, client.execute)
    replies = [await call("SELECT $1", number) for number, call in enumerate(calls)]
    assert replies == [[(0,)], (1,), 2, "SELECT 1"]
    assert told(driver) == ["fetch", "fetchrow", "fetchval", "execute"]


async def test_texts_without_end_fill_neither_side() -> None:
    """Values written into the text: beyond so many texts the rest goes unprepared, and what is kept stays kept."""
    driver = FakeDriver()
    client = client_on(driver)
    for number in range(MAX_STATEMENTS + 3):
        await client.fetchval(f"SELECT {number}")
    await client.fetchval("SELECT 0")
    assert len(driver.statements) == MAX_STATEMENTS
    assert told(driver)[-4:] == ["fetchval"] * 3 + ["prepared fetchval"]


async def test_a_statement_that_cannot_be_prepared_is_not_kept() -> None:
    """The next attempt tries it again."""

    class Refusing(FakeDriver):
        async def prepare(self, sql: str, *, name: str) -> object:  # type: ignore[override]
            del sql, name
            raise LookupError("no such table")

    client = client_on(Refusing())
    for _ in range(2):
        with pytest.raises(LookupError):
            await client.fetch("SELECT * FROM nowhere")


@given(number=st.integers(min_value=0, max_value=2**40))
async def test_values_follow_from_the_number(number: int) -> None:
    """The same attempt draws the same, another one something else, whatever was drawn before."""
    client, other = client_on(FakeDriver()), client_on(FakeDriver())
    client.begin(number + 1)
    of_another = client.draw.uuid()
    client.begin(number)
    other.begin(number)
    assert client.number == number
    assert client.draw is client.draw
    assert (client.draw.uuid(), client.draw.integer(1, 9)) == (other.draw.uuid(), other.draw.integer(1, 9))
    assert of_another != other.draw.uuid()


async def test_refusing_ends_the_attempt_as_refused() -> None:
    """In one line, cut to the length of every message."""
    with pytest.raises(Refused) as caught:
        client_on(FakeDriver()).refuse("sold\nout " + "x" * 500)
    failure = caught.value.failure
    assert (failure.outcome, failure.lost, failure.sqlstate) == (Outcome.REFUSED, False, None)
    assert failure.message.startswith("sold out xxx")
    assert len(failure.message) == 200


async def test_an_unknown_isolation_level() -> None:
    """The words there are."""
    with pytest.raises(UsageError) as caught:
        client_on(FakeDriver()).transaction(isolation="snapshot")
    assert str(caught.value) == (
        '"snapshot" is no isolation level; one of: read committed, repeatable read, serializable'
    )
