"""What a watch leaves behind when it ends: nothing, at whatever moment that is."""

from __future__ import annotations

from dataclasses import dataclass, field

import anyio
import pytest
from anyio.lowlevel import checkpoint

from perfengine.serverview.inquiry import Inquiry
from perfengine.serverview.local import LocalTable
from perfengine.serverview.watch import ServerWatch
from tests.doubles.clock import FakeClock
from tests.unit.serverview.test_inquiry import Connection

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Return the event loop: nothing here depends on which."""
    return "asyncio"


@dataclass
class Door:
    """A server that has let somebody in, who has not noticed yet: no cancellation takes that back."""

    connection: Connection
    knocked: anyio.Event = field(default_factory=anyio.Event)
    opened: anyio.Event = field(default_factory=anyio.Event)

    async def connect(self) -> Connection:
        """Return the connection when the door opens."""
        self.knocked.set()
        with anyio.CancelScope(shield=True):
            await self.opened.wait()
        return self.connection


def watch_through(door: Door) -> ServerWatch:
    """Return a watch over the connection behind a door."""
    inquiry = Inquiry(door.connect, version_number=180006, run_id="0badcafe", pooled=True)
    return ServerWatch(inquiry, LocalTable(local=False, socket=False), clock=FakeClock(), began_ns=0)


async def test_a_connection_that_is_made_while_the_watch_ends_is_given_up() -> None:
    """Else it would outlive the run, and keep its event loop from being closed."""
    door = Door(Connection(FakeClock(), silent=True))

    async def watch_for_a_moment() -> None:
        async with watch_through(door).sampling(lambda _: None):
            await door.knocked.wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch_for_a_moment)
        await door.knocked.wait()
        await anyio.wait_all_tasks_blocked()  # the watch has been told to end
        door.opened.set()
    assert door.connection.terminated


async def test_what_ends_the_block_goes_through() -> None:
    """As it was raised; the connection is given up all the same."""
    door = Door(Connection(FakeClock()))
    door.opened.set()

    async def fail_when_it_watches() -> None:
        async with watch_through(door).sampling(lambda _: None):
            while not door.connection.fetched:
                await checkpoint()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_when_it_watches()
    assert door.connection.terminated
