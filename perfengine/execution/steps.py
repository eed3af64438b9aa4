"""The steps of a transaction, made ready on a session: what is called, with which values, and what its reply is for.

All that can be decided before the load is decided here, so that a step costs the load loop a call that picks its
values and the driver's own.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from perfengine.execution.replies import UnexpectedReply, reply_check, unexpected_reply
from perfengine.model.outcome import Failure, Outcome
from perfengine.model.transaction import Argument, PauseStep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from perfengine.model.operation import Expectation
    from perfengine.model.transaction import Captured, StatementStep, Transaction
    from perfengine.ports.target import Session, Statement

    Reply = Sequence[Any]
    Values = tuple[Any, ...]
    #: by step name, the first row of its reply in the attempt under way
    Rows = dict[str, Any]
    Sleep = Callable[[int], Awaitable[None]]

_MISSING_ROW = Failure(
    outcome=Outcome.REFUSED,
    sqlstate=None,
    error_class="reply",
    message="a step needs a value of a row that an earlier step did not return",
)


class Step(NamedTuple):
    """A step as the load loop makes it: a tuple, because unpacking it is all that it costs."""

    call: Callable[..., Awaitable[Any]]
    values: Callable[[Values], Values]  #: of the attempt's arguments, those that the call takes
    settle: Callable[[Reply], None] | None  #: looks at the reply and keeps what later steps need


async def ready_steps(
    transaction: Transaction,
    session: Session,
    sleep_ns: Sleep,
    pauses_ns: Callable[[int], Iterator[int]],
) -> tuple[Step, ...]:
    """Return the steps with every statement prepared on the session; whatever preparing raises goes through.

    `pauses_ns` gives the lengths, without end, of which the pause with that step number takes the next.
    """
    rows: Rows = {}
    steps = []
    for number, step in enumerate(transaction.steps):
        if isinstance(step, PauseStep):
            steps.append(_pause(sleep_ns, pauses_ns(number)))
        else:
            steps.append(_statement(step, await session.prepare(step.sql), rows))
    return tuple(steps)


def _pause(sleep_ns: Sleep, lengths_ns: Iterator[int]) -> Step:
    return Step(call=lambda: sleep_ns(next(lengths_ns)), values=lambda _: (), settle=None)


def _statement(step: StatementStep, statement: Statement, rows: Rows) -> Step:
    return Step(
        call=statement.fetch,
        values=_values(step.bindings, rows),
        settle=_settle(step.expectation, step.name, statement, rows),
    )


def _values(bindings: Sequence[Argument | Captured], rows: Rows) -> Callable[[Values], Values]:
    if all(isinstance(binding, Argument) for binding in bindings):
        return _choice([binding.position for binding in bindings if isinstance(binding, Argument)])
    sources = tuple(_source(binding, rows) for binding in bindings)
    return lambda arguments: tuple([source(arguments) for source in sources])


def _choice(places: Sequence[int]) -> Callable[[Values], Values]:
    if len(places) > 1:
        return itemgetter(*places)
    first = places[0] if places else 0
    return itemgetter(slice(first, first + len(places)))  # of one place alone it would give no tuple


def _source(binding: Argument | Captured, rows: Rows) -> Callable[[Values], Any]:
    if isinstance(binding, Argument):
        return itemgetter(binding.position)
    step, column = binding.step, binding.column

    def captured(_: Values) -> Any:  # noqa: ANN401 - a value of the database
        row = rows[step]
        if row is None:
            raise UnexpectedReply(_MISSING_ROW)
        return row[column]

    return captured


def _settle(
    expectation: Expectation | None, name: str | None, statement: Statement, rows: Rows
) -> Callable[[Reply], None] | None:
    """Return what is done with a reply; None where nothing is.

    The rows of an attempt before are written over, never read: a step can only use those of steps before it.
    """
    if expectation is None and name is None:
        return None
    check = reply_check(expectation, statement) if expectation else None
    unexpected = unexpected_reply(expectation) if expectation else None

    def settle(reply: Reply) -> None:
        if check is not None and unexpected is not None and not check(reply):
            raise UnexpectedReply(unexpected)
        if name is not None:
            rows[name] = reply[0] if reply else None

    return settle
