"""What counts as the expected reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.execution.replies import is_expected_refusal, reply_check, unexpected_reply
from perfengine.model.operation import Expectation, Success
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.doubles.records import Column

Rows = tuple[tuple[Any, ...], ...]


@dataclass
class Answered:
    """A statement that has just run."""

    tag: str
    columns: tuple[Column, ...] = ()

    async def fetch(self, *_: Any) -> Sequence[Sequence[Any]]:
        """Return nothing: only the tag is read here."""
        return ()

    def get_statusmsg(self) -> str:
        """Return the tag."""
        return self.tag

    def get_attributes(self) -> Sequence[Column]:
        """Return the columns."""
        return self.columns


@pytest.mark.parametrize(
    ("success", "count", "rows", "tag", "is_ok"),
    [
        (Success.RETURNED, 1, (("a key",),), "SELECT 1", True),
        (Success.RETURNED, 1, ((True,),), "SELECT 1", True),
        (Success.RETURNED, 1, ((0,),), "SELECT 1", True),
        (Success.RETURNED, 1, (("",),), "SELECT 1", True),
        (Success.RETURNED, 1, ((None,),), "SELECT 1", False),
        (Success.RETURNED, 1, ((False,),), "SELECT 1", False),
        (Success.RETURNED, 1, (), "SELECT 0", False),
        (Success.COUNTED, 100, ((100,),), "SELECT 1", True),
        (Success.COUNTED, 100, ((99,),), "SELECT 1", False),
        (Success.COUNTED, 100, ((None,),), "SELECT 1", False),
        (Success.COUNTED, 100, (), "SELECT 0", False),
        (Success.ROWS, 2, ((1,), (2,)), "SELECT 2", True),
        (Success.ROWS, 2, ((1,),), "SELECT 1", False),
        (Success.ROWS, 0, (), "SELECT 0", True),
        (Success.AFFECTED, 1, (), "UPDATE 1", True),
        (Success.AFFECTED, 1, (), "INSERT 0 1", True),
        (Success.AFFECTED, 1, (), "UPDATE 0", False),
        (Success.AFFECTED, 1, (), "UPDATE 11", False),
        (Success.AFFECTED, 100, (), "UPDATE 100", True),
        (Success.AFFECTED, 100, (), "UPDATE 1100", False),
        (Success.ANY, 1, (), "SELECT 0", True),
        (Success.ANY, 1, ((None,),), "SELECT 1", True),
        (Success.AT_LEAST, 2, ((1,),), "SELECT 1", False),
        (Success.AT_LEAST, 2, ((1,), (2,)), "SELECT 2", True),
        (Success.AT_LEAST, 2, ((1,), (2,), (3,)), "SELECT 3", True),
        (Success.AT_LEAST, 0, (), "SELECT 0", True),
        (Success.NOT_NULL, 1, ((False,),), "SELECT 1", True),
        (Success.NOT_NULL, 1, ((0,), (None,)), "SELECT 2", True),
        (Success.NOT_NULL, 1, ((None, 5),), "SELECT 1", False),
        (Success.NOT_NULL, 1, (), "SELECT 0", False),
        (Success.REFUSED, 1, (), "INSERT 0 1", False),
        (Success.REFUSED, 1, ((1,),), "SELECT 1", False),
        (Success.DECLINED, 1, ((False,),), "SELECT 1", True),
        (Success.DECLINED, 1, ((None,),), "SELECT 1", True),
    ],
)
def test_a_reply_is_ok(success: Success, count: int, rows: Rows, tag: str, is_ok: bool) -> None:
    """Each kind of success looks at what it is about, and a missing row is no."""
    check = reply_check(Expectation(success=success, count=count), Answered(tag))
    assert check(rows) is is_ok


def test_the_tag_is_read_anew_for_each_reply() -> None:
    """The check is made once and asked after every attempt."""
    statement = Answered("UPDATE 1")
    check = reply_check(Expectation(success=Success.AFFECTED), statement)
    assert check(())
    statement.tag = "UPDATE 0"
    assert not check(())


@pytest.mark.parametrize("success", list(Success))
def test_another_reply_than_expected_is_the_database_saying_no(success: Success) -> None:
    """It is `refused`; only to accept what a rule must refuse is an error."""
    failure = unexpected_reply(Expectation(success=success))
    must_refuse = success in {Success.REFUSED, Success.DECLINED}
    expected = Outcome.ERROR if must_refuse else Outcome.REFUSED
    assert (failure.outcome, failure.error_class, failure.sqlstate) == (expected, "reply", None)
    assert failure.message
    assert not failure.lost


def refusal(sqlstate: str, constraint: str | None) -> Failure:
    """Return what a server says that refuses."""
    return Failure(
        outcome=Outcome.REFUSED,
        sqlstate=sqlstate,
        error_class="integrity",
        message="no",
        constraint=constraint,
    )


@pytest.mark.parametrize(
    ("wanted", "sqlstate", "constraint", "expected"),
    [
        ("positive", "23514", "positive", True),
        ("positive", "23514", "another", False),
        ("positive", "23514", None, False),
        ("positive", "23505", "positive", False),
        (None, "23514", "positive", True),
        (None, "23514", None, True),
        (None, "P0001", None, False),
    ],
)
def test_a_refusal_is_expected_by_sqlstate_and_constraint(
    wanted: str | None, sqlstate: str, constraint: str | None, expected: bool
) -> None:
    """Both must be as named; an expectation that names no constraint takes any."""
    expectation = Expectation(success=Success.REFUSED, sqlstate="23514", constraint=wanted)
    assert is_expected_refusal(expectation, refusal(sqlstate, constraint)) is expected


@pytest.mark.parametrize("success", sorted(set(Success) - {Success.REFUSED, Success.DECLINED}))
def test_no_other_expectation_takes_a_refusal_for_ok(success: Success) -> None:
    """Even when the code is the same."""
    assert not is_expected_refusal(Expectation(success=success, sqlstate="23514"), refusal("23514", None))


def test_a_function_may_decline_in_its_own_words() -> None:
    """Whatever it raises, as long as the database itself did not fail."""
    expectation = Expectation(success=Success.DECLINED)
    assert is_expected_refusal(expectation, refusal("P0001", None))
    assert not is_expected_refusal(expectation, replace(refusal("57014", None), outcome=Outcome.TIMEOUT))
