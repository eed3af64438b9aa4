"""How a round of an open load ends, and that everything which was due by then is accounted for."""

from __future__ import annotations

from typing import Any

import pytest

from perfengine.execution.arrivals import DRAIN_NS
from perfengine.model.rows import Fate
from perfengine.units import NS_PER_S
from tests.doubles.target import Act, Hang, Lose, Reply, answering
from tests.unit.execution.crews import (
    HOPELESS,
    PATIENCE,
    Rig,
    beside,
    make_rig,
    wait_until,
    watchdog_looked,
    with_fate,
)

pytestmark = pytest.mark.anyio


def counts(rig: Rig) -> tuple[int, int, int]:
    """Return attempts, dropped and unfinished."""
    measured = rig.measured
    return measured.attempts, measured.dropped, measured.unfinished


def not_taken(rig: Rig) -> list[int]:
    """Return which attempts have left the rows alone."""
    return with_fate(rig.script, Fate.NOT_TAKEN)


async def test_a_stop_gives_back_what_was_not_due_yet() -> None:
    """Clients that wait for the future go at once; the schedule goes on with what they leave."""
    rig = await make_rig(clients=3, attempts=9)
    arrivals = rig.schedule([0, *range(100 * NS_PER_S, 108 * NS_PER_S, NS_PER_S)], clients=3)
    async with beside(rig.follow) as phase:
        await wait_until(lambda: len(rig.world.alarm) == 3)
        rig.window.close(rig.clock())
        await wait_until(lambda: phase.finished)
    assert counts(rig) == (1, 0, 0)
    assert (arrivals.taken, rig.script.taken) == (1, 1)
    assert not_taken(rig) == list(range(1, 9))


async def test_when_draining_takes_too_long_what_waits_is_dropped() -> None:
    """After a stop on a silent server: in flight, unfinished; waiting for a client, dropped; to come, never due."""
    rig = await make_rig(answering(Hang()), clients=2, attempts=9)
    arrivals = rig.schedule([0, 0, 1, 2, 3, 10**12, 10**12], clients=2)
    async with beside(rig.follow) as phase:
        await wait_until(lambda: len(rig.target.asked) == 2)
        rig.clock.advance(4)
        rig.window.close(rig.clock())
        rig.clock.advance(PATIENCE.drain_ns)
        await watchdog_looked(rig)
        assert not phase.finished
        rig.clock.advance(1)
        await wait_until(lambda: phase.finished)
    assert counts(rig) == (0, 3, 2)
    assert arrivals.taken == 5
    assert with_fate(rig.script, Fate.IN_DOUBT) == [0, 1]
    assert not_taken(rig) == list(range(2, 9))
    assert sum(second.due for second in rig.measured.seconds) == 5


async def test_a_window_that_ends_by_itself_is_drained_no_longer_than_five_seconds() -> None:
    """What is in flight is measured to its end; what has not begun by then is dropped."""
    takes_ns = 3 * NS_PER_S
    rig = await make_rig(answering(Reply(takes_ns=takes_ns)), attempts=9, window_ns=NS_PER_S)
    arrivals = rig.schedule(range(9), clients=1)
    await rig.follow()
    # begun at 0, 3 and 6 s: 6 s is five seconds after the end
    assert DRAIN_NS == 5 * NS_PER_S
    assert counts(rig) == (3, 6, 0)
    assert arrivals.taken == 9
    assert not_taken(rig) == list(range(3, 9))


@pytest.mark.parametrize("passed_ns", [0, 2_000, 10_000])
async def test_a_server_that_stays_away_leaves_nothing_unaccounted(passed_ns: int) -> None:
    """Who waits for an arrival when the round breaks off has not made it: not due, or due and dropped."""

    def behave(_: str, __: tuple[Any, ...]) -> Act:
        rig.target.refuses_sessions = 1_000_000
        return Lose(takes_ns=passed_ns)

    rig = await make_rig(behave, clients=3, attempts=9, back_off=HOPELESS)
    arrivals = rig.schedule(range(0, 9_000, 1_000), clients=3)
    async with beside(rig.follow) as phase:
        await wait_until(lambda: phase.finished)
    assert "did not come back" in str(phase.error)
    due = sum(due_ns < passed_ns for due_ns in range(0, 9_000, 1_000)) or 1
    assert counts(rig) == (1, due - 1, 0)
    assert arrivals.taken == due
    assert with_fate(rig.script, Fate.IN_DOUBT) == [0]
    assert not_taken(rig) == list(range(1, 9))


async def test_the_schedule_does_not_wait_for_a_connection_to_be_mended() -> None:
    """What was due during an outage is late when the server is back, as everything is that a server holds up."""

    def behave(_: str, arguments: tuple[Any, ...]) -> Act:
        return Lose(takes_ns=100) if arguments == (0,) else Reply(takes_ns=1)

    rig = await make_rig(behave, attempts=5)
    rig.schedule([0, 10, 20, 30, 40], clients=1)
    rig.target.refuses_sessions = 2
    await rig.follow()
    measured = rig.measured
    assert (measured.attempts, measured.response.moments.count) == (5, 4)
    assert measured.lateness.moments.minimum == 100 + 3 - 40
    assert measured.lateness.moments.maximum == 100 - 10
