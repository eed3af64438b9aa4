"""Whether a reply is what was expected: decided from the result, after the clock was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.model.operation import Success
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfengine.model.operation import Expectation
    from perfengine.ports.target import Statement

_MESSAGES = {
    Success.RETURNED: "the reply says no: NULL or false",
    Success.COUNTED: "the reply counts another number of rows",
    Success.ROWS: "the reply has another number of rows",
    Success.AFFECTED: "the statement changed another number of rows",
    Success.REFUSED: "accepted what a rule must refuse",
}


def reply_check(expectation: Expectation, statement: Statement) -> Callable[[Sequence[Sequence[Any]]], bool]:
    """Return the predicate over the rows of a reply; it costs well under a microsecond."""
    count = expectation.count
    if expectation.success is Success.RETURNED:
        return _says_yes
    if expectation.success is Success.COUNTED:
        return lambda rows: bool(rows and rows[0][0] == count)
    if expectation.success is Success.ROWS:
        return lambda rows: len(rows) == count
    if expectation.success is Success.AFFECTED:
        tag, ending = statement.get_statusmsg, f" {count}"
        return lambda _: tag().endswith(ending)
    return lambda _: False


def _says_yes(rows: Sequence[Sequence[Any]]) -> bool:
    value = rows[0][0] if rows else None
    return value is not None and value is not False


def unexpected_reply(expectation: Expectation) -> Failure:
    """Return the failure of an attempt whose reply came but was not as expected."""
    accepted = expectation.success is Success.REFUSED
    return Failure(
        outcome=Outcome.ERROR if accepted else Outcome.REFUSED,
        sqlstate=None,
        error_class="reply",
        message=_MESSAGES[expectation.success],
    )


def is_expected_refusal(expectation: Expectation, failure: Failure) -> bool:
    """Return whether the database refused as it should: by the SQLSTATE and constraint named."""
    return (
        expectation.success is Success.REFUSED
        and failure.sqlstate == expectation.sqlstate
        and expectation.constraint in {None, failure.constraint}
    )
