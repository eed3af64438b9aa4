"""What becomes of one attempt: how it is counted, timed and accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest

from perfengine.execution.client import Client
from perfengine.execution.reconnect import ReconnectGate
from perfengine.model.operation import Expectation, Success
from perfengine.model.outcome import Outcome
from tests.doubles.target import Act, Hang, Lose, Refuse, Reply, answering
from tests.unit.execution.crews import BACK_OFF, make_rig, reading, wait_until, writing

if TYPE_CHECKING:
    from perfengine.model.measurement import Measurement
    from perfengine.model.operation import Operation
    from tests.doubles.clock import FakeClock
    from tests.doubles.target import FakeTarget

pytestmark = pytest.mark.anyio

REJECT = Expectation(success=Success.REFUSED, sqlstate="23514", constraint="positive")


async def attempt_once(act: Act, operation: Operation | None = None) -> Measurement:
    """Return what one attempt on a server that does this is measured as."""
    rig = await make_rig(answering(act), operation=operation)
    return await rig.measure()


@pytest.mark.parametrize(
    ("expectation", "reply"),
    [
        (Expectation(success=Success.RETURNED), Reply(rows=(("key",),))),
        (Expectation(success=Success.COUNTED, count=100), Reply(rows=((100,),))),
        (Expectation(success=Success.ROWS, count=2), Reply(rows=((1,), (2,)))),
        (Expectation(success=Success.AFFECTED, count=1), Reply(rows=(), tag="UPDATE 1")),
        (REJECT, Refuse(sqlstate="23514", constraint="positive")),
    ],
)
async def test_an_expected_answer_is_ok_and_takes_the_time_it_took(
    expectation: Expectation, reply: Reply | Refuse
) -> None:
    """Its latency is from just before the call to just after it, in the histogram of ok attempts."""
    measurement = await attempt_once(reply, writing(expectation))
    assert (measurement.attempts, measurement.failures) == (1, {})
    assert measurement.response.moments.total == reply.takes_ns
    assert measurement.failed_response.moments.count == 0


@pytest.mark.parametrize(
    ("expectation", "act", "outcome", "error_class"),
    [
        (Expectation(success=Success.RETURNED), Reply(rows=((None,),)), Outcome.REFUSED, "reply"),
        (Expectation(success=Success.COUNTED, count=9), Reply(rows=((8,),)), Outcome.REFUSED, "reply"),
        (Expectation(success=Success.ROWS, count=1), Reply(rows=()), Outcome.REFUSED, "reply"),
        (Expectation(success=Success.AFFECTED), Reply(tag="UPDATE 0"), Outcome.REFUSED, "reply"),
        (REJECT, Reply(tag="INSERT 0 1"), Outcome.ERROR, "reply"),
        (REJECT, Refuse(sqlstate="23514", constraint="another"), Outcome.REFUSED, "integrity"),
        (REJECT, Refuse(sqlstate="23505", constraint="positive"), Outcome.REFUSED, "integrity"),
        (REJECT, Refuse(sqlstate="22012"), Outcome.ERROR, "data"),
        (Expectation(success=Success.RETURNED), Refuse(sqlstate="P0001"), Outcome.REFUSED, "raised"),
        (Expectation(success=Success.RETURNED), Refuse(sqlstate="40001"), Outcome.ERROR, "retryable"),
        (
            Expectation(success=Success.RETURNED),
            Refuse(sqlstate="57014"),
            Outcome.TIMEOUT,
            "statement_timeout",
        ),
    ],
)
async def test_any_other_answer_is_a_failure_with_its_cause(
    expectation: Expectation, act: Reply | Refuse, outcome: Outcome, error_class: str
) -> None:
    """It is counted once, timed, and kept out of the ok latencies; its row is known not to show the effect."""
    rig = await make_rig(answering(act), operation=writing(expectation))
    measurement = await rig.measure()
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, failure.error_class, count) == (outcome, error_class, 1)
    assert measurement.attempts == 1
    assert measurement.response.moments.count == 0
    assert measurement.failed_response.moments.total == act.takes_ns
    assert rig.script.positions() == ((0,), ())


@pytest.mark.parametrize(
    ("operation", "error_class"), [(writing(), "in_doubt"), (reading(), "connection_lost")]
)
async def test_a_connection_lost_in_flight_is_one_error(operation: Operation, error_class: str) -> None:
    """A write whose end nobody saw is in doubt; the client goes on with the next attempt on a new connection."""

    def behave(_: str, arguments: tuple[Any, ...]) -> Act:
        return Lose() if arguments == (1,) else Reply()

    rig = await make_rig(behave, attempts=4, operation=operation)
    measurement = await rig.measure()
    ((failure, count),) = measurement.failures.items()
    assert (failure.error_class, failure.outcome, count) == (error_class, Outcome.ERROR, 1)
    assert (measurement.attempts, measurement.response.moments.count) == (4, 3)
    assert rig.script.positions() == ((), (1,))
    assert rig.target.asked == [(0,), (1,), (2,), (3,)]
    assert rig.target.opened == 2
    assert len(rig.target.open_sessions) == 1
    assert rig.target.sessions[0].terminated


async def test_an_outage_is_waited_out(clock: FakeClock) -> None:
    """While the server lets nobody in no attempt is made or counted."""
    rig = await make_rig(answering(Lose()), attempts=2)
    rig.target.refuses_sessions = 3
    measurement = await rig.measure()
    assert measurement.attempts == 2
    assert rig.target.refused == 3
    assert clock.now_ns < rig.clock.now_ns


async def test_a_broken_connection_is_noticed_before_the_next_operation(target: FakeTarget) -> None:
    """What broke while nothing was measured is replaced, and no attempt is spent on it."""
    client = Client(target, ReconnectGate(target, BACK_OFF), target.clock)
    await client.connect()
    await client.take_on(reading())
    target.kill()
    await client.take_on(writing())
    assert target.opened == 2
    assert target.asked == []


async def test_a_client_that_is_not_ready_does_not_work(target: FakeTarget) -> None:
    """It needs a connection to take an operation on, and an operation to work."""
    rig = await make_rig()
    client = Client(target, ReconnectGate(target), target.clock)
    with pytest.raises(RuntimeError, match="connects before"):
        await client.take_on(reading())
    with pytest.raises(RuntimeError, match="takes on an operation before"):
        await client.work(iter(rig.script), rig.script, rig.recorder, rig.window)


async def test_the_watchdog_sees_since_when_an_attempt_runs(target: FakeTarget) -> None:
    """While one is in flight it is the instant it began, and 0 when there is none."""
    target.behaviour = answering(Hang())
    rig = await make_rig()
    client = Client(target, ReconnectGate(target), target.clock)
    await client.connect()
    await client.take_on(writing())
    assert client.since_ns == 0
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(client.work, iter(rig.script), rig.script, rig.recorder, rig.window)
        await wait_until(target.hanging.is_set)
        assert client.since_ns == target.clock()
        tasks.cancel_scope.cancel()
    assert client.since_ns == 0


async def test_a_cancelled_attempt_is_unfinished(target: FakeTarget) -> None:
    """It is no attempt that ended, its row is in doubt, and its connection is dropped."""
    target.behaviour = answering(Hang())
    rig = await make_rig(attempts=3)
    client = Client(target, ReconnectGate(target), target.clock)
    await client.connect()
    await client.take_on(writing())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(client.work, iter(rig.script), rig.script, rig.recorder, rig.window)
        await wait_until(target.hanging.is_set)
        tasks.cancel_scope.cancel()
    measurement = rig.recorder.freeze()
    assert (measurement.attempts, measurement.unfinished) == (0, 1)
    assert rig.script.positions() == ((), (0,))
    assert rig.script.taken == 1
    assert not target.open_sessions
