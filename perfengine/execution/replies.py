"""Whether a reply is what was expected: decided from the result, after the clock was read.

Functions say no in four ways: they raise, return NULL or false, return a composite with `success` false, or one whose
`status` does not begin with "success". `Success.ACCEPTED` knows them all, whether the composite comes back as one
value or, from `SELECT * FROM f()`, as columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.model.operation import Success
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfengine.model.operation import Expectation
    from perfengine.ports.target import Statement

    Reply = Sequence[Sequence[Any]]

_MESSAGES = {
    Success.RETURNED: "the reply says no: NULL or false",
    Success.COUNTED: "the reply counts another number of rows",
    Success.ROWS: "the reply has another number of rows",
    Success.AT_LEAST: "the reply has fewer rows",
    Success.NOT_NULL: "the reply is NULL or empty",
    Success.ANY: "the reply is not as expected",
    Success.ACCEPTED: "the function says no: NULL, false, success false or another status than success",
    Success.AFFECTED: "the statement changed another number of rows",
    Success.REFUSED: "accepted what must be refused",
    Success.DECLINED: "accepted what must be refused",
}
_SUCCESS = "success"


class UnexpectedReply(Exception):  # noqa: N818 - named for what it reports, and never leaves the load loop
    """A step's reply was not as expected; `failure` is what the attempt comes to."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.message)


def reply_check(expectation: Expectation, statement: Statement) -> Callable[[Reply], bool]:
    """Return the predicate over the rows of a reply; it costs well under a microsecond."""
    count = expectation.count
    tag, ending = statement.get_statusmsg, f" {count}"
    checks: dict[Success, Callable[[Reply], bool]] = {
        Success.ANY: _anything,
        Success.RETURNED: _says_yes,
        Success.NOT_NULL: lambda rows: bool(rows and rows[0]) and rows[0][0] is not None,
        Success.ACCEPTED: _anything if _is_void(statement) else _accepts,
        Success.COUNTED: lambda rows: bool(rows) and rows[0][0] == count,
        Success.ROWS: lambda rows: len(rows) == count,
        Success.AT_LEAST: lambda rows: len(rows) >= count,
        Success.AFFECTED: lambda _: tag().endswith(ending),
        Success.REFUSED: lambda _: False,
        Success.DECLINED: (lambda _: False) if _is_void(statement) else (lambda rows: not _accepts(rows)),
    }
    return checks[expectation.success]


def _anything(_: Reply) -> bool:
    return True


def _is_void(statement: Statement) -> bool:
    """Return whether a function returns nothing: then it can refuse only by raising."""
    return [column.type.name for column in statement.get_attributes()] == ["void"]


def _says_yes(rows: Reply) -> bool:
    value = rows[0][0] if rows else None
    return value is not None and value is not False


def _accepts(rows: Reply) -> bool:
    if not rows:
        return True  # a function that returns void in a set, or a set that is empty, refuses nothing
    row = rows[0]
    if len(row) == 1 and not _value_accepts(row[0]):
        return False
    return _record_accepts(row)


def _value_accepts(value: Any) -> bool:  # noqa: ANN401 - whatever a function returns
    if value is None or value is False:
        return False
    return _record_accepts(value) if hasattr(value, "keys") else True


def _record_accepts(record: Any) -> bool:  # noqa: ANN401 - a row or a composite value
    names = set(record.keys())
    if _SUCCESS in names and record[_SUCCESS] is not True:
        return False
    if "status" in names and isinstance(record["status"], str):
        return record["status"].startswith(_SUCCESS)
    return not (record and all(value is None for value in record.values()))


def unexpected_reply(expectation: Expectation) -> Failure:
    """Return the failure of an attempt whose reply came but was not as expected."""
    accepted = expectation.success in {Success.REFUSED, Success.DECLINED}
    return Failure(
        outcome=Outcome.ERROR if accepted else Outcome.REFUSED,
        sqlstate=None,
        error_class="reply",
        message=_MESSAGES[expectation.success],
    )


def is_expected_refusal(expectation: Expectation, failure: Failure) -> bool:
    """Return whether the database refused as it should: by the SQLSTATE and constraint named, or by any."""
    if expectation.success is Success.DECLINED:
        return failure.outcome is Outcome.REFUSED
    return (
        expectation.success is Success.REFUSED
        and failure.sqlstate == expectation.sqlstate
        and expectation.constraint in {None, failure.constraint}
    )
