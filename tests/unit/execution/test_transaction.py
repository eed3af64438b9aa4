"""An attempt of several steps: values go from one to the next, and nothing is left open behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.execution.transaction import begin_sql
from perfengine.model.load import Spread, ThinkTime
from perfengine.model.operation import Expectation, Success
from perfengine.model.outcome import Outcome
from perfengine.model.transaction import Argument, Captured, Isolation, PauseStep, StatementStep, Transaction
from tests.doubles.records import Record
from tests.doubles.target import Act, Hang, Lose, Refuse, Reply
from tests.unit.execution.crews import beside, gone_wrong, wait_until
from tests.unit.execution.transactions import (
    FIND,
    FOUND,
    STEPS,
    TAKE,
    by_statement,
    make_transaction_rig,
    statements,
    transacting,
)

if TYPE_CHECKING:
    from perfengine.model.transaction import Step
    from tests.unit.execution.crews import Rig

pytestmark = pytest.mark.anyio

ALL = ["BEGIN", FIND, TAKE, "COMMIT"]
ONE_ROW = Expectation(success=Success.ROWS, count=1)
CHANGED = Expectation(success=Success.AFFECTED, count=1)


def error_classes(rig: Rig) -> list[str]:
    """Return the classes of what went wrong."""
    return [failure.error_class for failure in rig.measured.failures]


async def test_values_are_captured_and_bound() -> None:
    """A step gets what the attempt was given and what an earlier step found, each at its place."""
    rig = await make_transaction_rig(by_statement(), transacting(), attempts=2)
    measurement = await rig.loop()
    assert rig.target.said[:4] == [("BEGIN", ()), (FIND, (0,)), (TAKE, (7, 100)), ("COMMIT", ())]
    assert rig.target.said[4:] == [("BEGIN", ()), (FIND, (1,)), (TAKE, (7, 101)), ("COMMIT", ())]
    assert (measurement.attempts, measurement.failures) == (2, {})
    assert rig.target.prepared == [FIND, TAKE]


async def test_the_latency_is_from_begin_to_commit() -> None:
    """All that the application would have waited for, pauses included."""
    acts = {word: Reply(takes_ns=10) for word in ("BEGIN", "COMMIT", "UPDATE")}
    steps = (STEPS[0], PauseStep(think=ThinkTime(spread=Spread.CONSTANT, mean_ns=1)), STEPS[1])
    rig = await make_transaction_rig(by_statement(**acts, SELECT=FOUND), transacting(steps=steps), attempts=3)
    measurement = await rig.loop()
    # the rig's pauses of step number 1 are 10 and 20 ns in turn
    assert rig.asleep_ns == [10, 20, 10]
    assert measurement.response.moments.total == 3 * (3 * 10 + FOUND.takes_ns) + 10 + 20 + 10
    assert statements(rig) == ALL * 3


async def test_values_are_those_of_the_attempt_at_hand() -> None:
    """Nothing that one attempt captured is left for the next."""
    finds = [FOUND, Reply(rows=(Record(key=9, other=0),)), Reply(rows=())]
    rig = await make_transaction_rig(by_statement(SELECT=finds), transacting(), attempts=3)
    await rig.loop()
    assert [given for sql, given in rig.target.said if sql == TAKE] == [(7, 100), (9, 101)]
    assert gone_wrong(rig.script) == ([2], [])


async def test_a_row_that_is_not_there_refuses_the_attempt() -> None:
    """A step that needs a value of it is not sent; the transaction is rolled back."""
    rig = await make_transaction_rig(by_statement(SELECT=Reply(rows=())), transacting())
    measurement = await rig.loop()
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, failure.error_class, failure.sqlstate, count) == (
        Outcome.REFUSED,
        "reply",
        None,
        1,
    )
    assert "did not return" in failure.message
    assert statements(rig) == ["BEGIN", FIND, "ROLLBACK"]


async def test_a_row_that_nobody_needs_may_be_missing() -> None:
    """Capturing is no expectation."""
    lone = StatementStep(sql=FIND, bindings=(Argument(position=0),), name="found")
    rig = await make_transaction_rig(by_statement(SELECT=Reply(rows=())), transacting(steps=(lone,)))
    assert (await rig.loop()).failures == {}


@pytest.mark.parametrize(
    ("steps", "act", "said"),
    [
        ((replace(STEPS[0], expectation=ONE_ROW), STEPS[1]), {"SELECT": Reply(rows=())}, ["BEGIN", FIND]),
        (
            (STEPS[0], replace(STEPS[1], expectation=CHANGED)),
            {"UPDATE": Reply(rows=(), tag="UPDATE 0")},
            ["BEGIN", FIND, TAKE],
        ),
    ],
)
async def test_each_step_looks_at_its_own_reply(
    steps: tuple[Step, ...], act: dict[str, Act], said: list[str]
) -> None:
    """The first that is not as expected ends the attempt: refused, rolled back, and nothing after it is sent."""
    rig = await make_transaction_rig(by_statement(**act), transacting(steps=steps))
    measurement = await rig.loop()
    ((failure, _),) = measurement.failures.items()
    assert (failure.outcome, failure.error_class) == (Outcome.REFUSED, "reply")
    assert statements(rig) == [*said, "ROLLBACK"]
    assert gone_wrong(rig.script) == ([0], [])


async def test_steps_as_expected_are_ok() -> None:
    """Each by its own rows and its own tag."""
    steps = (replace(STEPS[0], expectation=ONE_ROW), replace(STEPS[1], expectation=CHANGED))
    rig = await make_transaction_rig(by_statement(), transacting(steps=steps), attempts=3)
    assert (await rig.loop()).failures == {}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("BEGIN", ["BEGIN"]),
        ("SELECT", ["BEGIN", FIND, "ROLLBACK"]),
        ("UPDATE", ["BEGIN", FIND, TAKE, "ROLLBACK"]),
        ("COMMIT", ["BEGIN", FIND, TAKE, "COMMIT"]),
    ],
)
async def test_whatever_fails_leaves_no_transaction_open(word: str, said: list[str]) -> None:
    """The next attempt begins anew; a COMMIT that is refused has ended the transaction itself."""
    acts: list[Act] = [Refuse(sqlstate="40001"), FOUND]
    rig = await make_transaction_rig(by_statement(**{word: acts}), transacting(), attempts=2)
    measurement = await rig.loop()
    assert statements(rig) == said + ALL
    ((failure, count),) = measurement.failures.items()
    assert (failure.sqlstate, failure.outcome, count) == ("40001", Outcome.ERROR, 1)
    assert (measurement.attempts, gone_wrong(rig.script)) == (2, ([0], []))
    assert not rig.target.sessions[0].in_transaction()
    assert rig.target.opened == 1


@pytest.mark.parametrize("word", ["BEGIN", "SELECT", "UPDATE", "COMMIT"])
@pytest.mark.parametrize("writes", [True, False])
async def test_only_a_commit_under_way_is_in_doubt(word: str, writes: bool) -> None:
    """A connection that breaks before it has undone everything, and what only reads never did anything."""
    acts: list[Act] = [Lose(), FOUND]
    rig = await make_transaction_rig(by_statement(**{word: acts}), transacting(writes=writes), attempts=2)
    measurement = await rig.loop()
    ((failure, count),) = measurement.failures.items()
    in_doubt = word == "COMMIT" and writes
    assert (failure.error_class, count) == ("in_doubt" if in_doubt else "connection_lost", 1)
    assert (measurement.attempts, measurement.response.moments.count) == (2, 1)
    assert rig.target.opened == 2
    assert "ROLLBACK" not in statements(rig)


async def test_a_commit_of_an_earlier_attempt_leaves_no_doubt() -> None:
    """Whether one is under way is said anew by each attempt."""
    rig = await make_transaction_rig(
        by_statement(BEGIN=[Reply(), Lose(), Reply()]), transacting(), attempts=3
    )
    measurement = await rig.loop()
    assert error_classes(rig) == ["connection_lost"]
    assert measurement.attempts == 3


@pytest.mark.parametrize(("writes", "error_class"), [(True, "in_doubt"), (False, "connection_lost")])
async def test_a_lone_statement_commits_itself(writes: bool, error_class: str) -> None:
    """There is no BEGIN and no COMMIT, and nobody knows whether it was done when the connection breaks."""
    lone = StatementStep(sql=TAKE, bindings=(Argument(position=1),))
    operation = transacting(steps=(lone,), explicit=False, writes=writes)
    rig = await make_transaction_rig(by_statement(UPDATE=[Lose(), FOUND]), operation, attempts=2)
    await rig.loop()
    assert rig.target.said == [(TAKE, (100,)), (TAKE, (101,))]
    assert error_classes(rig) == [error_class]


async def test_a_connection_lost_in_the_rollback_is_lost() -> None:
    """It is one failed attempt, not in doubt: nothing was committed; the client goes on over another."""
    rig = await make_transaction_rig(
        by_statement(UPDATE=[Refuse(sqlstate="22012"), Reply(rows=(), tag="UPDATE 1")], ROLLBACK=Lose()),
        transacting(),
        attempts=2,
    )
    measurement = await rig.loop()
    assert error_classes(rig) == ["connection_lost"]
    assert (measurement.attempts, measurement.response.moments.count) == (2, 1)
    assert rig.target.opened == 2


async def test_a_transaction_that_is_cut_off_is_unfinished() -> None:
    """Its connection goes, and the server rolls it back."""
    rig = await make_transaction_rig(by_statement(UPDATE=Hang()), transacting())
    async with beside(rig.loop) as phase:
        await wait_until(rig.target.hanging.is_set)
        phase.cancel()
    assert (rig.measured.attempts, rig.measured.unfinished) == (0, 1)
    assert not rig.target.open_sessions


@pytest.mark.parametrize(
    ("isolation", "read_only", "expected"),
    [
        (None, False, "BEGIN"),
        (Isolation.SERIALIZABLE, False, "BEGIN ISOLATION LEVEL SERIALIZABLE"),
        (Isolation.REPEATABLE_READ, True, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        (None, True, "BEGIN READ ONLY"),
    ],
)
async def test_a_transaction_begins_as_it_was_described(
    isolation: Isolation | None, read_only: bool, expected: str
) -> None:
    """With its isolation level, and read only where it says so."""
    transaction = Transaction(steps=STEPS, isolation=isolation, read_only=read_only)
    assert begin_sql(transaction) == expected
    rig = await make_transaction_rig(by_statement(), transacting(isolation=isolation, read_only=read_only))
    await rig.loop()
    assert statements(rig)[0] == expected


async def test_a_captured_value_may_be_null() -> None:
    """A row with a NULL is a row."""
    steps = (STEPS[0], StatementStep(sql=TAKE, bindings=(Captured(step="found", column="other"),)))
    rig = await make_transaction_rig(
        by_statement(SELECT=Reply(rows=(Record(key=1, other=None),))), transacting(steps=steps)
    )
    assert (await rig.loop()).failures == {}
    assert (TAKE, (None,)) in rig.target.said


async def test_what_rolls_back_ends_in_rollback_and_leaves_no_doubt() -> None:
    """Nothing of it stays, whatever becomes of the connection at its end."""
    rig = await make_transaction_rig(
        by_statement(ROLLBACK=[Reply(), Lose()]), transacting(rolls_back=True), attempts=2
    )
    measurement = await rig.loop()
    assert statements(rig)[:4] == ["BEGIN", FIND, TAKE, "ROLLBACK"]
    assert "COMMIT" not in statements(rig)
    assert error_classes(rig) == ["connection_lost"]
    assert measurement.attempts == 2
