"""An in-memory database for the load loop: it answers as it is told to, and its statements take the clock's time.

It is held against the real one: `tests/doubles/target_cases.py` runs over both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
from anyio.lowlevel import checkpoint

from perfengine.errors import TargetError
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from tests.doubles.clock import FakeClock


class Refusal(Exception):  # noqa: N818 - what a server says, not an error of ours
    """The server says no, and the session goes on."""

    def __init__(self, sqlstate: str, constraint: str | None = None) -> None:
        self.sqlstate = sqlstate
        self.constraint = constraint
        super().__init__(f"refused with {sqlstate}")


class ConnectionGone(Exception):  # noqa: N818 - what became of a connection
    """The session has no connection any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The server answers with rows and a command tag."""

    rows: Sequence[Sequence[Any]] = ((1,),)
    tag: str = "SELECT 1"
    takes_ns: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """The server answers with an error."""

    sqlstate: str
    constraint: str | None = None
    takes_ns: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lose:
    """The connection breaks while the statement runs."""

    takes_ns: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """No answer comes, ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The answer comes when the test lets it."""

    release: anyio.Event
    reply: Reply


Act = Reply | Refuse | Lose | Hang | Hold
#: What the server does with a statement and its arguments.
Behaviour = Callable[[str, tuple[Any, ...]], Act]


@dataclass(slots=True, eq=False)
class FakeSession:
    """A connection to the in-memory database."""

    target: FakeTarget
    lost: anyio.Event = field(default_factory=anyio.Event)
    terminated: int = 0

    async def prepare(self, sql: str) -> FakeStatement:
        """Return the statement; a lost connection prepares nothing."""
        await checkpoint()
        if self.target.breaks_on_prepare > 0:
            self.target.breaks_on_prepare -= 1
            self.lost.set()
        self.require_connection()
        if isinstance(act := self.target.when_prepared(sql), Refuse):
            raise Refusal(act.sqlstate)
        self.target.prepared.append(sql)
        return FakeStatement(self, sql)

    def terminate(self) -> None:
        """Drop the connection; whoever waits for it is told."""
        self.terminated += 1
        self.lost.set()
        self.target.open_sessions.discard(self)

    async def close(self) -> None:
        """Say good-bye."""
        await checkpoint()
        self.target.said_goodbye += not self.lost.is_set()
        self.terminate()

    def require_connection(self) -> None:
        """Raise ConnectionGone when there is none."""
        if self.lost.is_set():
            raise ConnectionGone("the connection is closed")


@dataclass(slots=True, eq=False)
class FakeStatement:
    """A prepared statement of the in-memory database."""

    session: FakeSession
    sql: str
    tag: str = ""

    async def fetch(self, *args: Any) -> Sequence[Sequence[Any]]:
        """Return what the behaviour says, after its time."""
        self.session.require_connection()
        target = self.session.target
        target.asked.append(args)
        act = target.behaviour(self.sql, args)
        if isinstance(act, Hang):
            target.hanging.set()
            await self.session.lost.wait()
            raise ConnectionGone("the connection broke while nothing was answered")
        if isinstance(act, Hold):
            await act.release.wait()
            act = act.reply
        await checkpoint()
        target.clock.advance(act.takes_ns)
        return self._end(act)

    def _end(self, act: Reply | Refuse | Lose) -> Sequence[Sequence[Any]]:
        if isinstance(act, Refuse):
            raise Refusal(act.sqlstate, act.constraint)
        if isinstance(act, Lose):
            self.session.lost.set()
            self.session.target.open_sessions.discard(self.session)
        self.session.require_connection()
        self.tag = act.tag if isinstance(act, Reply) else ""
        return act.rows if isinstance(act, Reply) else ()

    def get_statusmsg(self) -> str:
        """Return the command tag of the last reply."""
        return self.tag


def answering(act: Act) -> Behaviour:
    """Return the behaviour of a server that does the same with every statement."""
    return lambda _, __: act


@dataclass(slots=True)
class FakeTarget:
    """A server in memory; `perfengine.ports.target.Target`."""

    clock: FakeClock
    behaviour: Behaviour = field(default_factory=lambda: answering(Reply()))
    when_prepared: Callable[[str], Act] = field(default_factory=lambda: lambda _: Reply())
    refuses_sessions: int = 0  #: so many of the next attempts to connect fail
    admits: anyio.Event | None = None  #: sessions wait for it
    breaks_on_prepare: int = 0  #: so many of the next sessions break when something is prepared
    asked: list[tuple[Any, ...]] = field(default_factory=list)  #: arguments of every statement that ran
    prepared: list[str] = field(default_factory=list)
    open_sessions: set[FakeSession] = field(default_factory=set)
    sessions: list[FakeSession] = field(default_factory=list)  #: every session there ever was
    refused: int = 0
    most_opening: int = 0  #: sessions that were in the making at once, at most
    said_goodbye: int = 0
    hanging: anyio.Event = field(default_factory=anyio.Event)  #: set when a statement hangs
    _opening: int = 0

    async def open_session(self) -> FakeSession:
        """Return a session, or refuse as told. Raises: TargetError."""
        self._opening += 1
        self.most_opening = max(self.most_opening, self._opening)
        try:
            await checkpoint()
            if self.admits is not None:
                await self.admits.wait()
        finally:
            self._opening -= 1
        if self.refuses_sessions > 0:
            self.refuses_sessions -= 1
            self.refused += 1
            raise TargetError("memory: the server lets nobody in")
        session = FakeSession(self)
        self.open_sessions.add(session)
        self.sessions.append(session)
        return session

    @property
    def opened(self) -> int:
        """How many sessions there ever were."""
        return len(self.sessions)

    def kill(self) -> None:
        """Break every connection, as a server that dies does."""
        for session in list(self.open_sessions):
            session.lost.set()
        self.open_sessions.clear()

    def classify(self, error: BaseException, *, writes: bool) -> Failure:
        """Return what an exception means, in the words of the real one."""
        if isinstance(error, ConnectionGone):
            name = "in_doubt" if writes else "connection_lost"
            return _failure(Outcome.ERROR, None, name, error, lost=True)
        if isinstance(error, Refusal):
            refused = error.sqlstate[:2] in {"23", "44"} or error.sqlstate == "P0001"
            outcome = Outcome.REFUSED if refused else Outcome.ERROR
            if error.sqlstate == "57014":
                outcome = Outcome.TIMEOUT
            return _failure(outcome, error.sqlstate, _CLASSES[error.sqlstate[:2]], error, error.constraint)
        return _failure(Outcome.ERROR, None, type(error).__name__, error)


_CLASSES = {
    "22": "data",
    "23": "integrity",
    "40": "retryable",
    "42": "catalog",
    "57": "statement_timeout",
    "P0": "raised",
}


def _failure(
    outcome: Outcome,
    sqlstate: str | None,
    error_class: str,
    error: BaseException,
    constraint: str | None = None,
    *,
    lost: bool = False,
) -> Failure:
    return Failure(
        outcome=outcome,
        sqlstate=sqlstate,
        error_class=error_class,
        message=str(error),
        constraint=constraint,
        lost=lost,
    )
