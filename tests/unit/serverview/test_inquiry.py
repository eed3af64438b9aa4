"""Whatever happens to the extra connection, a reading comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from perfengine.serverview import inquiry as inquiry_module
from perfengine.serverview.inquiry import Inquiry
from perfengine.serverview.local import Backend
from perfengine.serverview.reading import Source
from tests.doubles.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.serverview.connection import Row

pytestmark = pytest.mark.anyio
FACTS = {"pid": 21, "role": "me", "database": "app", "tracks_sessions": True, "tracks_counts": True}
SAMPLE = {"connection_count": 3.0}


@pytest.fixture
def anyio_backend() -> str:
    """Return the event loop: nothing here depends on which."""
    return "asyncio"


@dataclass
class Connection:
    """A connection without a server: it answers what it is told to."""

    clock: FakeClock
    facts: dict[str, Any] = field(default_factory=lambda: dict(FACTS))
    failure: Exception | None = None
    silent: bool = False
    fetched: list[tuple[Any, ...]] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    terminated: bool = False

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        """Return the facts or a sample."""
        self.fetched.append((sql, *args))
        if "pg_backend_pid() AS pid" in sql:
            return [self.facts]
        return await self._answer()

    async def prepare(self, sql: str, *, name: str) -> Prepared:
        """Return a statement that gives a sample."""
        assert "pg_stat_activity" in sql
        self.prepared.append(name)
        return Prepared(self)

    def terminate(self) -> None:
        """Note that it was given up."""
        self.terminated = True

    async def _answer(self) -> Sequence[Row]:
        if self.failure:
            raise self.failure
        if self.silent:
            await anyio.sleep_forever()
        self.clock.advance(10)
        return [SAMPLE]


@dataclass
class Prepared:
    """Its statement."""

    connection: Connection

    async def fetch(self, *args: Any) -> Sequence[Row]:
        """Return a sample."""
        assert args == ("perfengine/0badcafe",)
        return await self.connection._answer()


@dataclass
class Server:
    """Hands out connections in turn; an exception in their place is a refusal."""

    waiting: list[Connection | Exception]

    async def connect(self) -> Connection:
        """Return the next connection."""
        following = self.waiting.pop(0)
        if isinstance(following, Exception):
            raise following
        return following


def inquiry_over(*connections: Connection | Exception, pooled: bool = False) -> Inquiry:
    """Return an inquiry that gets these connections, one after the other."""
    server = Server([*connections])
    return Inquiry(server.connect, version_number=180006, run_id="0badcafe", pooled=pooled)


async def test_a_sample_is_true_of_the_middle_of_its_question() -> None:
    """The answer is on its way as long as the question was."""
    clock = FakeClock(100)
    connection = Connection(clock)
    inquiry = inquiry_over(connection)
    await inquiry.read(clock)
    before_ns = clock.now_ns
    reading = await inquiry.read(clock)
    assert reading.at_ns == before_ns + 5
    assert reading.values == SAMPLE
    assert reading.reasons == {}
    assert inquiry.backend == Backend(pid=21, role="me", database="app")


async def test_the_session_is_told_apart_and_short_of_time() -> None:
    """It is set once, and its statement prepared once."""
    clock = FakeClock()
    connection = Connection(clock)
    inquiry = inquiry_over(connection)
    await inquiry.read(clock)
    await inquiry.read(clock)
    [setting] = [call for call in connection.fetched if "set_config" in call[0]]
    assert setting[1:] == ("perfengine/0badcafe/watch", "900")
    assert len(connection.prepared) == 1


async def test_behind_a_pooler_nothing_is_left_in_a_session() -> None:
    """The session is somebody else's after each transaction."""
    clock = FakeClock()
    connection = Connection(clock)
    reading = await inquiry_over(connection, pooled=True).read(clock)
    assert reading.values == SAMPLE
    assert connection.prepared == []
    assert [call for call in connection.fetched if "set_config" in call[0]] == []


async def test_a_refused_connection_is_a_gap_and_is_tried_again() -> None:
    """The reason is in the words of whoever refused."""
    clock = FakeClock()
    inquiry = inquiry_over(ValueError("sorry,\n too many clients"), Connection(clock))
    refused = await inquiry.read(clock)
    assert refused.values == {}
    assert refused.reasons == dict.fromkeys((Source.SESSIONS, Source.STATISTICS), "sorry, too many clients")
    assert (await inquiry.read(clock)).values == SAMPLE


async def test_a_lost_connection_is_given_up_and_opened_again() -> None:
    """Which is one more opening: the server may be another one now."""
    clock = FakeClock()
    lost = Connection(clock)
    inquiry = inquiry_over(lost, Connection(clock))
    await inquiry.read(clock)
    lost.failure = ConnectionResetError()
    reading = await inquiry.read(clock)
    assert reading.reasons[Source.SESSIONS] == "ConnectionResetError"
    assert lost.terminated
    assert (await inquiry.read(clock)).values == SAMPLE
    assert inquiry.opened == 2


async def test_a_silent_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wire that was cut says nothing, for ever."""
    monkeypatch.setattr(inquiry_module, "ANSWER_TIMEOUT_S", 0.02)
    clock = FakeClock()
    connection = Connection(clock, silent=True)
    inquiry = inquiry_over(connection, pooled=True)
    with anyio.fail_after(20):
        reading = await inquiry.read(clock)
    assert reading.reasons[Source.STATISTICS] == "the server does not answer"
    assert connection.terminated


async def test_a_server_that_does_not_count_is_not_believed() -> None:
    """Its zeros would be read as figures."""
    clock = FakeClock()
    facts = {**FACTS, "tracks_sessions": False, "tracks_counts": False}
    reading = await inquiry_over(Connection(clock, facts=facts)).read(clock)
    assert reading.reasons == {
        Source.SESSIONS: "track_activities is off on the server",
        Source.STATISTICS: "track_counts is off on the server",
    }
