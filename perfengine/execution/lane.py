"""An operation made ready on one session: what an attempt calls, and where its figures go."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfengine.execution.replies import UnexpectedReply, is_expected_refusal, reply_check, unexpected_reply
from perfengine.model.outcome import Failure, Outcome
from perfengine.ports.python_operations import MAX_CHARACTERS, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from perfengine.model.operation import Operation
    from perfengine.ports.recorder import Recorder
    from perfengine.ports.target import Statement, Target

#: The column in which a benchmark function says how much it did.
RECORDS_PROCESSED = "records_processed"
NO_ROW = Failure(
    outcome=Outcome.STARVED,
    sqlstate=None,
    error_class="starved",
    message="no row was left to work on",
)


class Lane:
    """An operation on one session. The load loop reads the slots, a lookup each, and calls two of them."""

    __slots__ = (
        "_commits",
        "_driver",
        "_target",
        "call",
        "calls",
        "is_ok",
        "keep_acquired",
        "keep_done",
        "keep_due",
        "keep_started",
        "operation",
        "recorder",
    )

    def __init__(
        self,
        operation: Operation,
        call: Callable[..., Awaitable[Any]],
        is_ok: Callable[[Any], bool],
        recorder: Recorder,
        target: Target,
        commits: Callable[[], bool] | None = None,
        driver: Any = None,  # noqa: ANN401 - the driver's own connection
    ) -> None:
        """`commits` says whether a connection that breaks now leaves doubt, in place of the operation.

        `driver` is the connection that code of the author's works with: not all that it raises is the driver's.
        """
        self.operation = operation
        self.call = call
        self.is_ok = is_ok
        self.recorder = recorder
        self.keep_due, self.keep_started = recorder.keep_due, recorder.keep_started
        self.keep_acquired, self.keep_done = recorder.keep_acquired, recorder.keep_done
        self.calls = (
            call,
            is_ok,
            recorder.keep_started,
            recorder.keep_done,
        )  #: of an attempt that is done at once
        self._target = target
        self._commits = commits
        self._driver = driver

    def take_failure(self, error: BaseException, due_ns: int, done_ns: int) -> Failure | None:
        """Record an attempt that raised; return its failure, None when it was refused as expected."""
        failure = self._meaning(error)
        if is_expected_refusal(self.operation.expectation, failure):
            return None
        self.recorder.fail(failure, due_ns, done_ns)
        return failure

    def take_unexpected(self, reply: Any, due_ns: int, done_ns: int) -> None:  # noqa: ANN401 - the driver's rows
        """Record an attempt whose reply came and was not as expected."""
        expectation = self.operation.expectation
        starved = expectation.empty_is_starved and not reply
        self.recorder.fail(NO_ROW if starved else unexpected_reply(expectation), due_ns, done_ns)

    def _meaning(self, error: BaseException) -> Failure:
        if isinstance(error, UnexpectedReply | Refused):
            return error.failure
        # a file that is not there, a deadline of the author's own: the database has no part in it
        if self._driver is not None and isinstance(error, OSError) and not self._driver.is_closed():
            return _own_error(error)
        writes = self.operation.writes if self._commits is None else self._commits()
        return self._target.classify(error, writes=writes)


def _own_error(error: OSError) -> Failure:
    return Failure(
        outcome=Outcome.ERROR,
        sqlstate=None,
        error_class=type(error).__name__,
        message=" ".join(str(error).split())[:MAX_CHARACTERS],
    )


def statement_lane(operation: Operation, statement: Statement, recorder: Recorder, target: Target) -> Lane:
    """Return the lane of one prepared statement: its `call` is the driver's own `fetch`."""
    check = reply_check(operation.expectation, statement)
    if any(column.name == RECORDS_PROCESSED for column in statement.get_attributes()):
        check = _counting(check, recorder)
    return Lane(operation, statement.fetch, check, recorder, target)


def _counting(check: Callable[[Any], bool], recorder: Recorder) -> Callable[[Any], bool]:
    """Return the check that also notes how many records a function says it has processed."""

    def is_ok(rows: Any) -> bool:  # noqa: ANN401 - the driver's rows
        ok = check(rows)
        if ok:
            recorder.processed(sum(_records_of(row[RECORDS_PROCESSED]) for row in rows))
        return ok

    return is_ok


def _records_of(said: Any) -> int:  # noqa: ANN401 - a value of the database: sum() of a bigint is numeric
    """Return how many records a function says it has processed; of what is no number: none."""
    return int(said) if isinstance(said, int | float | Decimal) and math.isfinite(said) else 0


def starved_lane(operation: Operation, recorder: Recorder, target: Target) -> Lane:
    """Return the lane of attempts for which there is no row: nothing is sent."""

    async def no_row(*_: Any) -> None:  # noqa: ANN401 - the arguments of any operation
        raise UnexpectedReply(NO_ROW)

    return Lane(operation, no_row, lambda _: False, recorder, target)
