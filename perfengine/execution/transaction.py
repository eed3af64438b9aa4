"""An operation of several steps, and one that is tried again: one attempt, from BEGIN to the last try's COMMIT.

Retries are counted as pgbench counts them: an attempt is all its tries, its latency spans them and the pauses
between them, and a try that is followed by another is a retry (PostgreSQL documentation, pgbench, "Failures and
Serialization/Deadlock Retries").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, cycle
from typing import TYPE_CHECKING, Any, Final

from perfengine.execution.replies import UnexpectedReply
from perfengine.execution.steps import ready_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from perfengine.execution.steps import Sleep, Step
    from perfengine.model.operation import Operation
    from perfengine.model.transaction import Transaction
    from perfengine.ports.recorder import Recorder
    from perfengine.ports.scripts import ScriptStep
    from perfengine.ports.target import Session, Target

_COMMIT: Final = "COMMIT"
_ROLLBACK: Final = "ROLLBACK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """How attempts of an operation wait. All sessions share it: those that met do not wait alike, and meet again."""

    sleep_ns: Sleep
    pauses_ns: Callable[[int], Sequence[int]]  #: step number to the lengths that its pause takes in turn
    backoff_share: Iterator[float]  #: between 0.5 and 1: so much of a back-off is waited
    _in_turn: dict[int, Iterator[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def pauses_in_turn(self, number: int) -> Iterator[int]:
        """Return the one iterator, without end, over the pauses in ns of the step with that number."""
        if number not in self._in_turn:
            self._in_turn[number] = cycle(self.pauses_ns(number))
        return self._in_turn[number]


class TransactionCall:
    """The call of a lane: all steps of a transaction, tried again as its retry policy says."""

    __slots__ = (
        "_again",
        "_begin",
        "_commits",
        "_committing",
        "_end",
        "_execute",
        "_operation",
        "_recorder",
        "_rests",
        "_retry",
        "_session",
        "_steps",
        "_target",
    )

    def __init__(
        self,
        operation: Operation,
        transaction: Transaction,
        session: Session,
        steps: Sequence[Step | ScriptStep],
        recorder: Recorder,
        target: Target,
        rests: Rests,
    ) -> None:
        self._operation = operation
        self._retry = transaction.retry
        self._session = session
        self._execute = session.execute
        self._steps = steps
        self._recorder = recorder
        self._target = target
        self._rests = rests
        self._begin = begin_sql(transaction) if transaction.explicit else None
        self._commits = not transaction.rolls_back
        self._end = _COMMIT if self._commits else _ROLLBACK
        self._committing = False
        self._again: list[str] = []  #: why the attempt under way was tried again, each time

    def commits(self) -> bool:
        """Return whether a connection that breaks now leaves the attempt in doubt: only a COMMIT under way does."""
        return self._committing and self._operation.writes

    async def __call__(self, *arguments: Any) -> None:  # noqa: ANN401 - values as the driver binds them
        """Make the attempt. Raises: what the last try raised; it is rolled back.

        The steps are made here and not a call deeper: every level of `await` is passed through at every reply.
        """
        for number in count():
            try:
                self._committing = self._begin is None
                if self._begin is not None:
                    await self._execute(self._begin)
                for call, values, settle in self._steps:
                    reply = await call(*values(arguments))
                    if settle is not None:
                        settle(reply)
                if self._begin is not None:
                    self._committing = self._commits
                    await self._execute(self._end)
            except BaseException as error:  # noqa: BLE001 - goes on from there where no other try is left
                await self._fail(error, number)
            else:
                if number:
                    self._tell_tries()
                return

    async def _fail(self, error: BaseException, number: int) -> None:
        """Make ready for another try after try `number`, counted from 0. Raises: the error, when there is none."""
        try:
            await self._make_ready(error, number)
        except BaseException:  # it failed for good, or was cut off: at once its end is taken
            if self._again:
                self._tell_tries()
            raise

    def _tell_tries(self) -> None:
        self._recorder.tried_again(self._again)
        self._again.clear()

    async def _make_ready(self, error: BaseException, number: int) -> None:
        if not isinstance(error, Exception):
            raise error
        await self._roll_back()
        sqlstate = self._why_again(error) if number < self._retry.max_retries else None
        if sqlstate is None:
            raise error
        self._again.append(sqlstate)
        if self._retry.backoff_ns:
            share = next(self._rests.backoff_share)
            await self._rests.sleep_ns(int((self._retry.backoff_ns << number) * share))

    async def _roll_back(self) -> None:
        """Leave no transaction open; a connection that is gone has none."""
        if self._session.in_transaction():
            await self._session.execute(_ROLLBACK)

    def _why_again(self, error: Exception) -> str | None:
        if isinstance(error, UnexpectedReply):
            return None
        failure = self._target.classify(error, writes=False)
        retriable = failure.sqlstate in self._retry.sqlstates and not failure.lost
        return failure.sqlstate if retriable else None


def begin_sql(transaction: Transaction) -> str:
    """Return the BEGIN with its isolation level."""
    parts = ["BEGIN"]
    if transaction.isolation is not None:
        parts.append(f"ISOLATION LEVEL {transaction.isolation}")
    if transaction.read_only:
        parts.append("READ ONLY")
    return " ".join(parts)


async def transaction_call(
    operation: Operation,
    transaction: Transaction,
    session: Session,
    recorder: Recorder,
    target: Target,
    rests: Rests,
) -> TransactionCall:
    """Return the transaction with every statement prepared on the session; whatever preparing raises goes through."""
    steps = await ready_steps(transaction, session, rests.sleep_ns, rests.pauses_in_turn)
    return TransactionCall(operation, transaction, session, steps, recorder, target, rests)
