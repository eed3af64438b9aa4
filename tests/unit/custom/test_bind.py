"""Binding: an instance for each session, its steps in order, and what is said when one of them fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import perfengine
from perfengine.custom.bind import FoundOperations
from perfengine.custom.code import code_of_callables, code_of_file
from perfengine.custom.hooks import run_setups, run_teardowns
from perfengine.errors import UsageError
from perfengine.model.operation import Kind
from perfengine.model.python_call import PythonCall
from tests.builders import make_operation
from tests.doubles.driver import FakeDriver
from tests.draws import draw_of

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from tests.unit.custom.conftest import Write

pytestmark = pytest.mark.anyio


def python_operation(name: str, path: str = "") -> Operation:
    """Return a compiled operation that is written in Python."""
    return replace(make_operation(name=name), kind=Kind.PYTHON, python=PythonCall(path=path, name=name))


class Visit:
    """Notes who did what, on which session."""

    log: list[tuple[str, int, int]]

    def __init__(self) -> None:
        self.calls = 0

    async def set_up(self, client: perfengine.Client) -> None:
        """Come in."""
        self._note("set up", client)

    async def run(self, client: perfengine.Client) -> None:
        """Look around."""
        self.calls += 1
        self._note("run", client)

    async def tear_down(self, client: perfengine.Client) -> None:
        """Go."""
        self._note("tear down", client)

    def _note(self, what: str, client: perfengine.Client) -> None:
        self.log.append((what, client.number, self.calls))


async def test_a_class_is_made_for_each_session() -> None:
    """What one session counts the other does not see; set-up and tear-down stand around the attempts."""
    Visit.log = []
    operations = FoundOperations(draw_of, in_process=code_of_callables([Visit]))
    first, second = (operations.bind(python_operation("Visit"), FakeDriver()) for _ in range(2))
    await first.set_up()
    await first(7)
    await second(8)
    await first(9)
    await first.tear_down()
    assert Visit.log == [("set up", 0, 0), ("run", 7, 1), ("run", 8, 1), ("run", 9, 2), ("tear down", 0, 2)]


async def test_a_function_has_nothing_to_set_up() -> None:
    """Its attempt is its own coroutine, with the number of the attempt."""
    seen = []

    async def look(client: perfengine.Client) -> None:
        seen.append((client.number, client.draw.integer(1, 10**9)))

    bound = FoundOperations(draw_of, in_process=code_of_callables([look])).bind(
        python_operation("look"), FakeDriver()
    )
    await bound.set_up()
    await bound(3)
    await bound.tear_down()
    assert seen == [(3, draw_of("look")(3).integer(1, 10**9))]


async def test_setting_up_draws_from_a_stream_of_its_own() -> None:
    """Attempt 0 does not draw what the set-up has drawn."""
    drawn = []

    class Drawing:
        async def set_up(self, client: perfengine.Client) -> None:
            drawn.append(client.draw.uuid())

        async def __call__(self, client: perfengine.Client) -> None:
            drawn.append(client.draw.uuid())

    bound = FoundOperations(draw_of, in_process=code_of_callables([Drawing])).bind(
        python_operation("Drawing"), FakeDriver()
    )
    await bound.set_up()
    await bound(0)
    assert drawn[0] != drawn[1]


async def test_no_two_sessions_are_set_up_with_the_same_values() -> None:
    """Nor torn down, in whichever process: else a uuid "that nothing else draws" was drawn once a session."""
    drawn = []

    class Drawing:
        async def set_up(self, client: perfengine.Client) -> None:
            drawn.append(client.draw.uuid())

        async def __call__(self, client: perfengine.Client) -> None: ...

        async def tear_down(self, client: perfengine.Client) -> None:
            drawn.append(client.draw.uuid())

    async def around(process: int) -> None:
        operations = FoundOperations(draw_of, in_process=code_of_callables([Drawing]), process=process)
        sessions = [operations.bind(python_operation("Drawing"), FakeDriver()) for _ in range(2)]
        for step in ("set_up", "tear_down"):
            for session in sessions:
                await getattr(session, step)()

    await around(process=0)
    await around(process=1)
    assert len(set(drawn)) == len(drawn) == 8
    await around(process=0)
    assert drawn[8:] == drawn[:4]


async def test_what_an_attempt_raises_goes_through() -> None:
    """It is data, and the load loop's."""

    async def fail(client: perfengine.Client) -> None:
        raise LookupError(client.number)

    bound = FoundOperations(draw_of, in_process=code_of_callables([fail])).bind(
        python_operation("fail"), FakeDriver()
    )
    with pytest.raises(LookupError):
        await bound(1)


FAULTY = """
@perfengine.setup
async def make(client):
    await client.execute("CREATE TABLE a ()")
    raise ValueError("no room")

@perfengine.teardown
async def clear(client):
    {}["what"]

@perfengine.operation
class Visit:
    async def set_up(self, client):
        raise ValueError("closed today")

    async def run(self, client): ...

@perfengine.operation
class Unmade:
    def __init__(self):
        raise OSError("no such thing")

    async def run(self, client): ...
"""


async def test_steps_that_fail_are_said_with_the_users_own_line(write: Write) -> None:
    """Which step, which exception, where; no traceback of ours."""
    path = write(FAULTY)
    operations = FoundOperations(draw_of)
    bound = operations.bind(python_operation("Visit", path), FakeDriver())
    with pytest.raises(UsageError, match=r"^shop\.py:15:9: set_up failed: ValueError: closed today\n"):
        await bound.set_up()
    with pytest.raises(UsageError, match=r"^shop\.py:22:9: Unmade\(\) failed: OSError: no such thing\n"):
        operations.bind(python_operation("Unmade", path), FakeDriver())
    with pytest.raises(UsageError, match=r"^shop\.py:6:5: make failed: ValueError: no room\n"):
        await run_setups(code_of_file(path), FakeDriver(), draw_of)
    with pytest.raises(UsageError, match=r"^shop\.py:10:5: clear failed: KeyError: 'what'\n"):
        await run_teardowns(code_of_file(path), FakeDriver(), draw_of)


async def test_a_lost_connection_is_no_mistake_of_the_users(write: Write) -> None:
    """What the driver raises then goes through as it is."""
    driver = FakeDriver()
    driver.closed = True
    bound = FoundOperations(draw_of).bind(python_operation("Visit", write(FAULTY)), driver)
    with pytest.raises(ValueError, match="closed today"):
        await bound.set_up()


async def test_a_file_that_lost_its_operation(write: Write) -> None:
    """It was changed between the plan and the load."""
    write(FAULTY)
    with pytest.raises(UsageError, match=r'^shop\.py has no operation "gone" any more'):
        FoundOperations(draw_of).bind(python_operation("gone", "shop.py"), FakeDriver())


async def before(client: perfengine.Client) -> None:
    """Come before the load."""
    await client.execute("BEFORE")


@perfengine.setup
async def marked_setup(client: perfengine.Client) -> None:
    """Come before what this module is handed over for."""
    await client.execute("MARKED")


@pytest.mark.parametrize(("setup", "statement"), [(None, "MARKED"), (before, "BEFORE")])
async def test_callables_bring_the_setup_of_their_module(setup: Any, statement: str) -> None:
    """Unless another one is given."""
    driver = FakeDriver()
    await run_setups(code_of_callables([Visit], setup), driver, draw_of)
    assert driver.calls == [("execute", statement, ())]


def test_callables_are_judged_as_marked_ones_are() -> None:
    """All mistakes at once, each with its line."""

    def not_async(client: perfengine.Client) -> None: ...

    with pytest.raises(UsageError) as caught:
        code_of_callables([not_async, 7])
    said = str(caught.value)
    assert "not_async is not async" in said
    assert "7 was given where an operation is wanted" in said
