"""An in-memory database for the load loop: it answers as it is told to, and its statements take the clock's time.

It is held against the real one: `tests/doubles/target_cases.py` runs over both. Without an alarm a statement moves
the clock by what it takes, so that all of them run one after the other; with one, statements run side by side, each
until its own instant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import anyio
from anyio.lowlevel import checkpoint

from perfengine.errors import TargetError
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from perfengine.execution.alarm import Alarm
    from tests.doubles.clock import FakeClock
    from tests.doubles.records import Column


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

    rows: Sequence[Any] = ((1,),)
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
BEGIN, COMMIT, ROLLBACK = "BEGIN", "COMMIT", "ROLLBACK"
#: What the server does with a statement and its arguments.
Behaviour = Callable[[str, tuple[Any, ...]], Act]


class State(Enum):
    """Of a session's transaction."""

    NONE = "none"
    OPEN = "open"
    FAILED = "failed"  #: the server refuses everything until it is rolled back


@dataclass(slots=True, eq=False)
class FakeSession:
    """A connection to the in-memory database."""

    target: FakeTarget
    lost: anyio.Event = field(default_factory=anyio.Event)
    state: State = State.NONE
    terminated: int = 0

    @property
    def driver(self) -> FakeSession:
        """The session itself stands for the driver's connection."""
        return self

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

    async def execute(self, sql: str) -> None:
        """Run a statement without rows."""
        await self.run(sql, ())

    def in_transaction(self) -> bool:
        """Return whether a transaction is open or failed; of a lost connection: no."""
        return self.state is not State.NONE and not self.lost.is_set()

    def is_closed(self) -> bool:
        """Return whether the connection is gone, as the driver's own says."""
        return self.lost.is_set()

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

    async def run(self, sql: str, args: tuple[Any, ...]) -> Reply:
        """Return what the server answers, after its time."""
        self.require_connection()
        target = self.target
        target.said.append((sql, args))
        if self.state is State.FAILED and sql not in {COMMIT, ROLLBACK}:
            raise Refusal("25P02")
        act = target.behaviour(sql, args)
        if isinstance(act, Hang):
            target.hanging.set()
            await self.lost.wait()
            raise ConnectionGone("the connection broke while nothing was answered")
        if isinstance(act, Hold):
            await act.release.wait()
            act = act.reply
        await target.let_pass(act.takes_ns)
        return self._end(sql, act)

    def _end(self, sql: str, act: Reply | Refuse | Lose) -> Reply:
        if isinstance(act, Lose):
            self.lost.set()
            self.target.open_sessions.discard(self)
        self.require_connection()
        if sql in {COMMIT, ROLLBACK}:
            self.state = State.NONE
        if isinstance(act, Refuse):
            if self.state is State.OPEN:
                self.state = State.FAILED
            raise Refusal(act.sqlstate, act.constraint)
        if sql.startswith(BEGIN):
            self.state = State.OPEN
        assert isinstance(act, Reply)
        return act


@dataclass(slots=True, eq=False)
class FakeStatement:
    """A prepared statement of the in-memory database."""

    session: FakeSession
    sql: str
    tag: str = ""

    async def fetch(self, *args: Any) -> Sequence[Any]:
        """Return what the behaviour says, after its time."""
        self.session.target.asked.append(args)
        self.tag = ""
        reply = await self.session.run(self.sql, args)
        self.tag = reply.tag
        return reply.rows

    def get_statusmsg(self) -> str:
        """Return the command tag of the last reply."""
        return self.tag

    def get_attributes(self) -> Sequence[Column]:
        """Return the columns of its rows."""
        return self.session.target.columns.get(self.sql, ())


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
    alarm: Alarm | None = None  #: on the same clock: statements run side by side
    columns: Mapping[str, Sequence[Column]] = field(default_factory=dict)  #: by statement
    admits: anyio.Event | None = None  #: sessions wait for it
    breaks_on_prepare: int = 0  #: so many of the next sessions break when something is prepared
    asked: list[tuple[Any, ...]] = field(
        default_factory=list
    )  #: arguments of every prepared statement that ran
    said: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)  #: every statement that ran
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

    async def let_pass(self, duration_ns: int) -> None:
        """Let the time of a statement pass."""
        if self.alarm is not None:
            await self.alarm.until(self.clock() + duration_ns)
        else:
            await checkpoint()
            self.clock.advance(duration_ns)

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
    "25": "transaction_state",
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
