"""How functions say no: NULL or false, `success` false, a `status` that is none; whatever shape the reply has.

The fourth way, to raise, is an error of the statement and needs no look at the reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.execution.replies import reply_check, unexpected_reply
from perfengine.model.operation import Expectation, Success
from perfengine.model.outcome import Outcome
from tests.doubles.records import Column, ColumnType, Record
from tests.doubles.target import FakeTarget, Refuse, Reply, answering
from tests.unit.execution.crews import make_rig, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.doubles.clock import FakeClock

ACCEPTED = Expectation(success=Success.ACCEPTED)
VOID = (Column("f", ColumnType("void")),)


@dataclass
class Called:
    """A call of a function, prepared."""

    columns: Sequence[Column] = (Column("f"),)

    async def fetch(self, *_: Any) -> Sequence[Any]:
        """Return nothing: only the columns are read here."""
        return ()

    def get_statusmsg(self) -> str:
        """Return a tag that says nothing."""
        return "SELECT 1"

    def get_attributes(self) -> Sequence[Column]:
        """Return the columns."""
        return self.columns


def accepts(*rows: Record, columns: Sequence[Column] = (Column("f"),)) -> bool:
    """Return whether this reply of a function is a yes."""
    reply: list[Any] = list(rows)
    return reply_check(ACCEPTED, Called(columns))(reply)


def as_value(record: Record) -> Record:
    """Return the row of `SELECT f()`: the composite is one value."""
    return Record(f=record)


def as_columns(record: Record) -> Record:
    """Return the row of `SELECT * FROM f()`: the composite is spread out."""
    return record


both_shapes = pytest.mark.parametrize("shape", [as_value, as_columns])


@pytest.mark.parametrize("value", ["a key", 5, 0, "", True, [], "failed"])
def test_a_value_is_a_yes(value: object) -> None:
    """Also one that is empty or zero: it was returned."""
    assert accepts(Record(f=value))


@pytest.mark.parametrize("value", [None, False])
def test_null_and_false_are_a_no(value: object) -> None:
    """From a function that returns a key, or whether it did it."""
    assert not accepts(Record(f=value))


@both_shapes
@pytest.mark.parametrize(("success", "accepted"), [(True, True), (False, False), (None, False)])
def test_a_composite_says_whether_it_was_a_success(
    shape: Callable[[Record], Record], success: bool | None, accepted: bool
) -> None:
    """By its field `success`; one that is NULL is no yes."""
    assert accepts(shape(Record(success=success, message="a word", id=7))) is accepted


@both_shapes
@pytest.mark.parametrize(
    ("status", "accepted"),
    [
        ("success", True),
        ("success:created", True),
        ("failed:validation_error", False),
        ("noop:unchanged", False),
        ("", False),
        ("Success", False),
    ],
)
def test_a_composite_says_how_it_went(shape: Callable[[Record], Record], status: str, accepted: bool) -> None:
    """By its field `status`, which begins with "success" or is a no."""
    assert accepts(shape(Record(id=7, status=status, message="a word"))) is accepted


@both_shapes
def test_both_words_must_say_yes(shape: Callable[[Record], Record]) -> None:
    """One of them says no: the function says no."""
    assert accepts(shape(Record(success=True, status="success")))
    assert not accepts(shape(Record(success=True, status="failed:late")))
    assert not accepts(shape(Record(success=False, status="success")))


@pytest.mark.parametrize("word", [Record(success=False), Record(status="failed:late")])
def test_a_lone_column_of_that_name_is_such_a_word_too(word: Record) -> None:
    """As of a function that `RETURNS TABLE (status text)`."""
    assert not accepts(word)


@both_shapes
def test_a_composite_without_such_words_is_a_yes(shape: Callable[[Record], Record]) -> None:
    """A row is returned: an order, say, whose status is a number."""
    assert accepts(shape(Record(id=7, total=None)))
    assert accepts(shape(Record(id=7, status=3)))


def test_a_composite_that_is_null_is_a_no() -> None:
    """One value that is NULL; spread out, columns that all are."""
    assert not accepts(Record(f=None))
    assert not accepts(Record(id=None, status=None, message=None))


def test_the_first_row_of_a_set_speaks_for_it() -> None:
    """A set that is empty refuses nothing."""
    assert accepts(Record(success=True, id=1), Record(success=False, id=2))
    assert not accepts(Record(success=False, id=1), Record(success=True, id=2))
    assert accepts()


@pytest.mark.parametrize("value", [None, ""])
def test_a_function_that_returns_nothing_refuses_only_by_raising(value: object) -> None:
    """Whatever the driver makes of nothing."""
    assert accepts(Record(f=value), columns=VOID)


def test_a_no_is_refused() -> None:
    """As a constraint that says no would be."""
    failure = unexpected_reply(ACCEPTED)
    assert (failure.outcome, failure.error_class) == (Outcome.REFUSED, "reply")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "act",
    [
        Refuse(sqlstate="P0001"),
        Reply(rows=(Record(f=None),)),
        Reply(rows=(Record(success=False, message="no"),)),
        Reply(rows=(Record(id=None, status="failed:validation_error"),)),
    ],
    ids=["raises", "null", "success", "status"],
)
async def test_each_of_the_four_ways_is_refused(act: Reply | Refuse) -> None:
    """The attempt is counted once, refused, and its time is kept apart from that of ok ones."""
    rig = await make_rig(answering(act), operations=[reading(ACCEPTED)])
    measurement = await rig.loop()
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, count, measurement.attempts) == (Outcome.REFUSED, 1, 1)
    assert measurement.response.moments.count == 0
    assert measurement.failed_response.moments.total == act.takes_ns


@pytest.mark.anyio
async def test_a_void_function_is_known_by_its_statement(clock: FakeClock) -> None:
    """Its column has the type void, on the session that prepared it."""
    target = FakeTarget(clock, columns={"SELECT * FROM f()": VOID})
    statement = await (await target.open_session()).prepare("SELECT * FROM f()")
    reply: list[Any] = [Record(f=None)]
    assert reply_check(ACCEPTED, statement)(reply)
