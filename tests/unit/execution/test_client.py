"""What becomes of one attempt: how it is counted, timed and accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from perfengine.errors import InternalError
from perfengine.execution.client import Client
from perfengine.model.operation import Expectation, Success
from perfengine.model.outcome import Outcome
from tests.doubles.target import Act, Hang, Lose, Refuse, Reply, answering
from tests.unit.execution.crews import (
    UNWATCHED,
    asked_for,
    beside,
    gone_wrong,
    make_rig,
    reading,
    wait_until,
    writing,
)

if TYPE_CHECKING:
    from perfengine.execution.link import Link
    from perfengine.model.measurement import Measurement
    from perfengine.model.operation import Operation

pytestmark = pytest.mark.anyio

REJECT = Expectation(success=Success.REFUSED, sqlstate="23514", constraint="positive")


async def attempt_once(act: Act, operation: Operation | None = None) -> Measurement:
    """Return what one attempt on a server that does this is measured as."""
    rig = await make_rig(answering(act), operations=[operation or writing()])
    return await rig.loop()


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
    rig = await make_rig(answering(act), operations=[writing(expectation)])
    measurement = await rig.loop()
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, failure.error_class, count) == (outcome, error_class, 1)
    assert measurement.attempts == 1
    assert measurement.response.moments.count == 0
    assert measurement.failed_response.moments.total == act.takes_ns
    assert gone_wrong(rig.script) == ([0], [])


@pytest.mark.parametrize(
    ("operation", "error_class"), [(writing(), "in_doubt"), (reading(), "connection_lost")]
)
async def test_a_connection_lost_in_flight_is_one_error(operation: Operation, error_class: str) -> None:
    """A write whose end nobody saw is in doubt; the client goes on with the next attempt on a new connection."""

    def behave(_: str, arguments: tuple[Any, ...]) -> Act:
        return Lose() if arguments == (1,) else Reply()

    rig = await make_rig(behave, attempts=4, operations=[operation])
    measurement = await rig.loop()
    ((failure, count),) = measurement.failures.items()
    assert (failure.error_class, failure.outcome, count) == (error_class, Outcome.ERROR, 1)
    assert (measurement.attempts, measurement.response.moments.count) == (4, 3)
    assert gone_wrong(rig.script) == ([], [1])
    assert rig.target.asked == asked_for(4)
    assert rig.target.opened == 2
    assert len(rig.target.open_sessions) == 1
    assert rig.target.sessions[0].terminated


async def test_an_outage_is_waited_out() -> None:
    """While the server lets nobody in no attempt is made or counted."""
    rig = await make_rig(answering(Lose()), attempts=2)
    rig.target.refuses_sessions = 3
    measurement = await rig.loop()
    assert measurement.attempts == 2
    assert rig.target.refused == 3


async def test_each_attempt_goes_down_the_lane_of_its_operation() -> None:
    """A mix is measured by operation; a lane beyond them is that of an attempt without a row, and asks nothing."""
    read, write = reading(), writing(REJECT)
    lanes = [(0, "a"), (1, "b"), (2, None), (0, "c"), (3, None), (3, None)]
    items = [(lane, () if value is None else (value,)) for lane, value in lanes]
    rig = await make_rig(items=items, operations=[read, write])
    await rig.loop()
    first, second = rig.all_measured
    assert rig.target.asked == [("a",), ("b",), ("c",)]
    assert (first.attempts, first.response.moments.count, first.starved) == (3, 2, 1)
    assert (second.attempts, second.response.moments.count, second.starved) == (3, 0, 2)
    assert sorted(failure.outcome for failure in second.failures) == [Outcome.ERROR, Outcome.STARVED]
    assert gone_wrong(rig.script) == ([1, 2, 4, 5], [])


@pytest.mark.parametrize("shared", [False, True])
async def test_the_watchdog_sees_since_when_an_attempt_runs(shared: bool) -> None:
    """While one is in flight it is the instant it had its connection, and 0 when there is none."""
    rig = await make_rig(answering(Hang()), clients=2, connections=1 if shared else 2, attempts=2)
    client, *_ = rig.crew._clients
    assert client.since_ns == 0
    async with beside(lambda: client.live(rig.round, 0)) as phase:
        await wait_until(rig.target.hanging.is_set)
        assert client.since_ns == rig.clock()
        phase.cancel()
    assert client.since_ns == 0


async def test_a_cancelled_attempt_is_unfinished() -> None:
    """It is no attempt that ended, its row is in doubt, and its connection is dropped."""
    rig = await make_rig(answering(Hang()), attempts=3)
    async with beside(rig.loop) as phase:
        await wait_until(rig.target.hanging.is_set)
        phase.cancel()
    measurement = rig.measured
    assert (measurement.attempts, measurement.unfinished) == (0, 1)
    assert gone_wrong(rig.script) == ([], [0])
    assert rig.script.taken == 1
    assert not rig.target.open_sessions


async def test_a_client_without_a_connection_does_not_loop() -> None:
    """Nor does anybody follow a schedule that is not there: our own mistakes are no failures of attempts."""
    rig = await make_rig()

    async def mend(link: Link) -> Link:
        return link

    client = Client(rig.clock, mend)
    with pytest.raises(InternalError, match="holds its connection"):
        await client.loop(rig.round)
    with pytest.raises(InternalError, match="has arrivals"):
        await client.follow(rig.round)
    assert rig.measured.attempts == 0


@pytest.mark.parametrize("connections", [1, 2])
async def test_a_reply_that_came_just_before_the_watchdog_is_ok(connections: int) -> None:
    """The connection is given up all the same, and the client goes on over a new one; nothing has failed."""
    rig = await make_rig(
        clients=2, connections=connections, attempts=9, side_by_side=True, patience=UNWATCHED
    )
    client, *_ = rig.crew._clients
    async with beside(rig.live) as phase:
        await rig.world.settle()
        rig.clock.advance(Reply().takes_ns)
        rig.world.server_timer.fire()
        client.expire()
        await rig.world.run(lambda: wait_until(lambda: phase.finished))
    measurement = rig.measured
    assert (measurement.attempts, measurement.unfinished, measurement.failures) == (9, 0, {})
    assert gone_wrong(rig.script) == ([], [])
    assert (rig.target.opened, len(rig.target.open_sessions)) == (connections + 1, connections)
