"""Operations made ready on a session: statements, functions that count, and operations written in Python."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.errors import InternalError
from perfengine.execution.link import Equipment
from perfengine.execution.transaction import Rests
from perfengine.metrics.recorder import Recorder
from perfengine.model.operation import Expectation, Group, Kind, Success
from perfengine.model.outcome import Outcome
from perfengine.model.python_call import PythonCall
from perfengine.ports.python_operations import Refused
from tests.builders import make_operation
from tests.doubles.clock import FakeClock
from tests.doubles.records import Column, Record
from tests.doubles.target import Act, FakeTarget, Lose, Refusal, Refuse, Reply, answering
from tests.unit.execution.crews import RETURNED, reading

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from perfengine.execution.link import Link
    from perfengine.model.measurement import Measurement
    from perfengine.model.operation import Operation
    from tests.doubles.target import FakeSession

pytestmark = pytest.mark.anyio

PYTHON = replace(
    make_operation("checkout", group=Group.OWN, kind=Kind.PYTHON),
    python=PythonCall(path="shop.py", name="checkout"),
)
OK = Reply()


@dataclass
class Written:
    """An operation written in Python, bound to a session; `log` is what was asked of all of them."""

    session: FakeSession
    attempt: Callable[[FakeSession, int], Awaitable[None]]
    log: list[tuple[str, Any]]

    async def set_up(self) -> None:
        """Note it."""
        self.log.append(("set up", self.session))

    async def __call__(self, number: int) -> None:
        """Make the attempt."""
        self.log.append(("attempt", number))
        await self.attempt(self.session, number)

    async def tear_down(self) -> None:
        """Note it."""
        self.log.append(("tear down", self.session))


@dataclass
class Author:
    """Where Python operations come from; all do the same."""

    attempt: Callable[[FakeSession, int], Awaitable[None]]
    log: list[tuple[str, Any]] = field(default_factory=list)

    def bind(self, operation: Operation, driver: Any) -> Written:
        """Return the operation on that connection."""
        assert operation.python is not None
        return Written(driver, self.attempt, self.log)


async def equip(
    target: FakeTarget, operations: Sequence[Operation], author: Author | None = None
) -> tuple[Link, list[Recorder]]:
    """Return a link with the operations, and their recorders."""
    recorders = [Recorder(operation.name) for operation in operations]
    rests = Rests(sleep_ns=_no_rest, pauses_ns=lambda _: (0,), backoff_share=iter(()))
    equipment = Equipment(
        operations=operations, recorders=recorders, target=target, rests=lambda _: rests, python=author
    )
    return await equipment.equip(await target.open_session()), recorders


async def _no_rest(_: int) -> None: ...


async def attempt_written(
    attempt: Callable[[FakeSession, int], Awaitable[None]], act: Act = OK
) -> tuple[Measurement, FakeTarget]:
    """Return what an attempt written in Python is recorded as, on a server that answers so."""
    target = FakeTarget(FakeClock(), answering(act))
    link, (recorder,) = await equip(target, [PYTHON], Author(attempt))
    lane, _ = link.lanes
    try:
        assert lane.is_ok(await lane.call(7))
    except Exception as error:  # noqa: BLE001 - whatever an attempt raises is data
        lane.take_failure(error, 10, 30)
    return recorder.take()[0], target


async def test_a_link_has_each_operation_twice() -> None:
    """Prepared once; the second time it stands for attempts that have no row, and sends nothing."""
    target = FakeTarget(FakeClock())
    link, recorders = await equip(target, [reading(), make_operation("another")])
    assert [lane.operation.name for lane in link.lanes] == ["single_order_confirm", "another"] * 2
    assert [lane.recorder for lane in link.lanes] == recorders * 2
    assert len(target.prepared) == 2
    with pytest.raises(Exception) as caught:  # noqa: PT011 - what the load loop takes for data
        await link.lanes[3].call(1, 2)
    failure = link.lanes[3].take_failure(caught.value, 10, 30)
    assert failure is not None
    assert (failure.outcome, failure.error_class) == (Outcome.STARVED, "starved")
    measurement, _ = recorders[1].take()
    assert (measurement.starved, measurement.attempts) == (1, 1)
    assert target.said == []


async def test_a_statement_that_finds_no_row_itself_may_be_starved() -> None:
    """Where the operation says so; else it is the database saying no."""
    for starved in (True, False):
        target = FakeTarget(FakeClock(), answering(Reply(rows=())))
        expectation = Expectation(success=Success.ROWS, empty_is_starved=starved)
        link, (recorder,) = await equip(target, [reading(expectation)])
        reply = await link.lanes[0].call()
        assert not link.lanes[0].is_ok(reply)
        link.lanes[0].take_unexpected(reply, 10, 30)
        measurement, _ = recorder.take()
        (failure,) = measurement.failures
        assert failure.outcome is (Outcome.STARVED if starved else Outcome.REFUSED)
        assert measurement.starved == int(starved)


@pytest.mark.parametrize(
    ("rows", "records"),
    [
        ((Record(records_processed=5, other=1),), 5),
        ((Record(records_processed=5, other=1), Record(records_processed=2, other=1)), 7),
        ((Record(records_processed=None, other=1),), 0),
    ],
)
async def test_records_that_a_function_says_it_processed_are_counted(
    rows: tuple[Record, ...], records: int
) -> None:
    """Of ok attempts only."""
    operation = reading(Expectation(success=Success.ACCEPTED))
    columns = {operation.sql: (Column("records_processed"), Column("other"))}
    target = FakeTarget(FakeClock(), answering(Reply(rows=rows)), columns=columns)
    link, (recorder,) = await equip(target, [operation])
    assert link.lanes[0].is_ok(await link.lanes[0].call())
    link.lanes[0].keep_started(10)
    link.lanes[0].keep_done(20)
    assert not link.lanes[0].is_ok((Record(records_processed=9, success=False),))
    assert recorder.take()[0].records_processed == records


async def test_an_expected_refusal_is_no_failure() -> None:
    """The lane says so, and records nothing."""
    refused = Expectation(success=Success.REFUSED, sqlstate="23514", constraint="positive")
    link, (recorder,) = await equip(FakeTarget(FakeClock()), [reading(refused)])
    assert link.lanes[0].take_failure(Refusal("23514", "positive"), 10, 30) is None
    assert link.lanes[0].take_failure(Refusal("23514", "another"), 10, 30) is not None
    assert recorder.take()[0].attempts == 1


async def test_an_operation_in_python_is_set_up_on_every_session() -> None:
    """Before its first attempt; it is called with the number of the attempt, and returning is success."""

    async def attempt(_: FakeSession, __: int) -> None: ...

    author, target = Author(attempt), FakeTarget(FakeClock())
    links = [(await equip(target, [reading(), PYTHON], author))[0] for _ in range(2)]
    assert author.log == [("set up", session) for session in target.sessions]
    lane = links[1].lanes[1]
    assert lane.is_ok(await lane.call(42))
    assert author.log[-1] == ("attempt", 42)
    assert [len(link.bound) for link in links] == [1, 1]


async def test_an_operation_in_python_needs_somebody_who_binds_it() -> None:
    """Else it is our own mistake."""
    with pytest.raises(InternalError, match="written in Python"):
        await equip(FakeTarget(FakeClock()), [PYTHON])


async def test_what_python_code_refuses_is_refused() -> None:
    """With the reason on one line."""

    async def attempt(_: FakeSession, __: int) -> None:
        raise Refused("sold\n out")

    measurement, _ = await attempt_written(attempt)
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, failure.message, count) == (Outcome.REFUSED, "sold out", 1)


async def test_what_python_code_raises_is_an_error() -> None:
    """By the name of its class."""

    async def attempt(_: FakeSession, __: int) -> None:
        raise LookupError("nothing there")

    measurement, _ = await attempt_written(attempt)
    (failure,) = measurement.failures
    assert (failure.outcome, failure.error_class, failure.lost) == (Outcome.ERROR, "LookupError", False)


@pytest.mark.parametrize("mistake", [LookupError("own"), Refused("no")])
async def test_a_transaction_that_python_code_left_open_is_rolled_back(mistake: Exception) -> None:
    """The next attempt on the session begins clean; what went wrong is what the code raised."""

    async def attempt(session: FakeSession, _: int) -> None:
        await session.execute("BEGIN")
        raise mistake

    measurement, target = await attempt_written(attempt)
    assert [sql for sql, _ in target.said] == ["BEGIN", "ROLLBACK"]
    assert not target.sessions[0].in_transaction()
    assert measurement.attempts == 1


@pytest.mark.parametrize(
    ("act", "error_class"), [(Lose(), "in_doubt"), (Refuse(sqlstate="40001"), "retryable")]
)
async def test_what_the_server_says_to_python_code_is_what_it_says_to_all(act: Act, error_class: str) -> None:
    """Nobody knows what the code has written, so a lost connection is in doubt."""

    async def attempt(session: FakeSession, _: int) -> None:
        await (await session.prepare("UPDATE x")).fetch()

    measurement, _ = await attempt_written(attempt, act)
    (failure,) = measurement.failures
    assert failure.error_class == error_class


async def test_a_statement_lane_calls_the_driver_itself() -> None:
    """Nothing of ours stands between the load loop and the driver."""
    target = FakeTarget(FakeClock())
    link, _ = await equip(target, [reading(RETURNED)])
    assert getattr(link.lanes[0].call, "__func__", None) is type(await target.sessions[0].prepare("x")).fetch
