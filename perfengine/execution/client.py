"""A client: one connection, one statement, attempt after attempt. The measured path is `_attempts`.

What it costs an attempt beyond the driver: two clock readings, one attribute for the watchdog, the check of the
reply, two array appends and one comparison. `make bench` holds it against a bare loop over the same driver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from perfengine.execution.replies import is_expected_refusal, reply_check, unexpected_reply
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.execution.reconnect import ReconnectGate
    from perfengine.execution.script import Script
    from perfengine.execution.window import Window
    from perfengine.model.operation import Operation
    from perfengine.ports.clock import Clock
    from perfengine.ports.recorder import Recorder
    from perfengine.ports.target import Session, Statement, Target

NO_ANSWER = Failure(
    outcome=Outcome.TIMEOUT,
    sqlstate=None,
    error_class="no_answer",
    message="the server did not answer, not even with its statement timeout",
    lost=True,
)


class Client:
    """A virtual user with a connection of its own.

    `since_ns` is when the attempt in flight began, 0 while there is none: the watchdog reads it.
    """

    __slots__ = (
        "_clock",
        "_expired",
        "_gate",
        "_operation",
        "_scope",
        "_session",
        "_statement",
        "_target",
        "since_ns",
    )

    def __init__(self, target: Target, gate: ReconnectGate, clock: Clock) -> None:
        self._target = target
        self._gate = gate
        self._clock = clock
        self._session: Session | None = None
        self._statement: Statement | None = None
        self._operation: Operation | None = None
        self._scope = anyio.CancelScope()
        self._expired = False
        self.since_ns = 0

    async def connect(self) -> None:
        """Open the connection. Raises: TargetError."""
        self._session = await self._gate.open()

    async def take_on(self, operation: Operation) -> None:
        """Prepare the statement of an operation; a connection that broke while nothing was measured is replaced.

        Raises: TargetError when the server stays away, and whatever preparing raises.
        """
        if self._session is None:
            raise RuntimeError("a client connects before it takes on an operation")
        self._operation = operation
        try:
            self._statement = await self._session.prepare(operation.sql)
        except Exception as error:
            if not self._target.classify(error, writes=False).lost:
                raise
            await self._reconnect(operation)

    def expire(self) -> None:
        """Give up the attempt in flight: called by the watchdog when the server is silent for too long."""
        self._expired = True
        self._scope.cancel()

    async def work(
        self, attempts: Iterable[tuple[Any, ...]], script: Script, recorder: Recorder, window: Window
    ) -> None:
        """Make attempts until none is left or the window closes; reconnect when the connection is lost.

        Raises: TargetError when the server stays away.
        """
        if self._operation is None:
            raise RuntimeError("a client takes on an operation before it works")
        while self._clock() < window.end_ns:
            self._expired, lost = False, True
            try:
                with anyio.CancelScope() as self._scope:
                    lost = await self._attempts(attempts, script, recorder, window)
            finally:
                self.since_ns = 0
            if not lost:
                return
            await self._reconnect(self._operation)

    async def _reconnect(self, operation: Operation) -> None:
        if self._session is not None:
            self._session.terminate()
        self._session, self._statement = await self._gate.reopen(operation.sql)

    async def _attempts(
        self, attempts: Iterable[tuple[Any, ...]], script: Script, recorder: Recorder, window: Window
    ) -> bool:
        """Make attempts; return whether the connection was lost."""
        if self._statement is None or self._operation is None:
            raise RuntimeError("a client takes on an operation before it works")
        fetch, clock = self._statement.fetch, self._clock
        is_ok = reply_check(self._operation.expectation, self._statement)
        keep_started, keep_ended = recorder.keep_started, recorder.keep_ended
        for arguments in attempts:
            started_ns = clock()
            self.since_ns = started_ns
            try:
                rows = await fetch(*arguments)
            except Exception as error:  # noqa: BLE001 - whatever an attempt raises is data
                ended_ns = clock()
                failure = self._target.classify(error, writes=self._operation.writes)
                if is_expected_refusal(self._operation.expectation, failure):
                    keep_started(started_ns)
                    keep_ended(ended_ns)
                else:
                    recorder.fail(failure, started_ns, ended_ns)
                    script.fail(arguments, in_doubt=failure.lost)
                if failure.lost:
                    return True
            except BaseException:
                self._cut_off(arguments, script, recorder, started_ns)
                raise
            else:
                ended_ns = clock()
                if is_ok(rows):
                    keep_started(started_ns)
                    keep_ended(ended_ns)
                else:
                    recorder.fail(unexpected_reply(self._operation.expectation), started_ns, ended_ns)
                    script.fail(arguments, in_doubt=False)
            if ended_ns >= window.end_ns:
                return False
        return False

    def _cut_off(
        self, arguments: tuple[Any, ...], script: Script, recorder: Recorder, started_ns: int
    ) -> None:
        """Account for an attempt that was cancelled: by the watchdog, or because the phase is over."""
        script.fail(arguments, in_doubt=True)
        if self._expired:
            recorder.fail(NO_ANSWER, started_ns, self._clock())
        else:
            recorder.unfinished()
        if self._session is not None:
            self._session.terminate()

    async def close(self) -> None:
        """Close the connection, if it is open."""
        if self._session is not None:
            await self._session.close()
            self._session = None
