"""An operation of several steps, and one that is tried again: one attempt, from BEGIN to the last try's COMMIT.

Retries are counted as pgbench counts them: an attempt is all its tries, its latency spans them and the pauses
between them, and a try that is followed by another is a retry (PostgreSQL documentation, pgbench, "Failures and
Serialization/Deadlock Retries").
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

from perfengine.execution.replies import UnexpectedReply, reply_check, unexpected_reply
from perfengine.model.outcome import Failure, Outcome
from perfengine.model.transaction import Argument, PauseStep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from perfengine.model.operation import Operation
    from perfengine.model.transaction import Captured, StatementStep, Transaction
    from perfengine.ports.recorder import Recorder
    from perfengine.ports.target import Session, Statement, Target

    Reply = Sequence[Any]
    Values = tuple[Any, ...]
    #: by step name, the first row of its reply
    Rows = dict[str, Any]
    Sleep = Callable[[int], Awaitable[None]]

_MISSING_ROW = Failure(
    outcome=Outcome.REFUSED,
    sqlstate=None,
    error_class="reply",
    message="a step needs a value of a row that an earlier step did not return",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """How an attempt waits: `sleep_ns` for a while, and the pauses of each think step in their order."""

    sleep_ns: Sleep
    pauses_ns: Callable[[int], Sequence[int]]  #: step number to the lengths that its pause takes in turn
    backoff_share: Iterator[float]  #: between 0.5 and 1: so much of a back-off is waited


class _Step:
    """A statement of the transaction, prepared, with its values' sources made quick."""

    __slots__ = ("_check", "_fetch", "_name", "_sources", "_unexpected")

    def __init__(self, step: StatementStep, statement: Statement) -> None:
        self._fetch = statement.fetch
        self._name = step.name
        self._check = reply_check(step.expectation, statement) if step.expectation else None
        self._unexpected = unexpected_reply(step.expectation) if step.expectation else None
        self._sources = tuple(_source(binding) for binding in step.bindings)

    async def run(self, arguments: Values, rows: Rows) -> Reply:
        reply = await self._fetch(*[source(arguments, rows) for source in self._sources])
        if self._unexpected is not None and self._check is not None and not self._check(reply):
            raise UnexpectedReply(self._unexpected)
        if self._name is not None:
            rows[self._name] = reply[0] if reply else None
        return reply


def _source(binding: Argument | Captured) -> Callable[[Values, Rows], Any]:
    if isinstance(binding, Argument):
        position = binding.position
        return lambda arguments, _: arguments[position]
    step, column = binding.step, binding.column

    def captured(_: Values, rows: Rows) -> Any:  # noqa: ANN401 - a value of the database
        row = rows[step]
        if row is None:
            raise UnexpectedReply(_MISSING_ROW)
        return row[column]

    return captured


class TransactionCall:
    """The call of a lane: all steps of a transaction, tried again as its retry policy says."""

    def __init__(
        self,
        operation: Operation,
        transaction: Transaction,
        session: Session,
        steps: Sequence[_Step | Iterator[int]],
        recorder: Recorder,
        target: Target,
        rests: Rests,
    ) -> None:
        self._operation = operation
        self._transaction = transaction
        self._session = session
        self._steps = steps
        self._recorder = recorder
        self._target = target
        self._rests = rests
        self._begin = begin_sql(transaction)
        self._committing = False

    def commits(self) -> bool:
        """Return whether a connection that breaks now leaves the attempt in doubt: only a COMMIT under way does."""
        return self._committing and self._operation.writes

    async def __call__(self, *arguments: Any) -> Reply:  # noqa: ANN401 - values as the driver binds them
        """Return the reply of the last statement. Raises: what the last try raised; it is rolled back."""
        retry = self._transaction.retry
        tries_left, backoff_ns, again = retry.max_retries, retry.backoff_ns, False
        while True:
            try:
                reply = await self._try(arguments)
            except Exception as error:
                await self._roll_back()
                sqlstate = self._why_again(error) if tries_left else None
                if sqlstate is None:
                    raise
                self._recorder.retry(sqlstate)
                tries_left, again = tries_left - 1, True
                if backoff_ns:
                    await self._rests.sleep_ns(int(backoff_ns * next(self._rests.backoff_share)))
                    backoff_ns *= 2
            else:
                if again:
                    self._recorder.retried()
                return reply

    async def _try(self, arguments: Values) -> Reply:
        rows: Rows = {}
        reply: Reply = ()
        self._committing = not self._transaction.explicit
        if self._transaction.explicit:
            await self._session.execute(self._begin)
        for step in self._steps:
            if isinstance(step, _Step):
                reply = await step.run(arguments, rows)
            else:
                await self._rests.sleep_ns(next(step))
        if self._transaction.explicit:
            self._committing = True
            await self._session.execute("COMMIT")
        return reply

    async def _roll_back(self) -> None:
        """Leave no transaction open; a connection that is gone has none."""
        if self._session.in_transaction():
            await self._session.execute("ROLLBACK")

    def _why_again(self, error: Exception) -> str | None:
        if isinstance(error, UnexpectedReply):
            return None
        failure = self._target.classify(error, writes=False)
        retriable = failure.sqlstate in self._transaction.retry.sqlstates and not failure.lost
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
    steps: list[_Step | Iterator[int]] = []
    for number, step in enumerate(transaction.steps):
        if isinstance(step, PauseStep):
            steps.append(cycle(rests.pauses_ns(number)))
        else:
            steps.append(_Step(step, await session.prepare(step.sql)))
    return TransactionCall(operation, transaction, session, steps, recorder, target, rests)
