"""More clients than connections: they take turns, and what waits for a turn is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.outcome import Outcome
from tests.builders import count_latencies
from tests.doubles.target import Act, Hang, Lose, Reply, answering
from tests.examples import examples_a_loop
from tests.unit.execution.crews import (
    PATIENCE,
    UNWATCHED,
    asked_for,
    beside,
    gone_wrong,
    make_rig,
    wait_until,
)

if TYPE_CHECKING:
    from tests.unit.execution.crews import Rig

pytestmark = pytest.mark.anyio

TAKES_NS = 1_000


async def make_shared_rig(clients: int, connections: int, attempts: int) -> Rig:
    """Return a crew that shares connections, on a server whose statements run side by side."""
    return await make_rig(
        answering(Reply(takes_ns=TAKES_NS)),
        clients=clients,
        connections=connections,
        attempts=attempts,
        side_by_side=True,
        patience=UNWATCHED,
    )


@examples_a_loop
@given(clients=st.integers(2, 12), connections=st.integers(1, 11), turns=st.integers(1, 5))
async def test_everybody_waits_for_the_same_number_of_others(
    clients: int, connections: int, turns: int
) -> None:
    """First come, first served: when all take equally long, attempt n begins with its group, in order."""
    connections = min(connections, clients - 1)
    rig = await make_shared_rig(clients, connections, turns * clients)
    await rig.world.run(lambda: rig.crew.live(rig.round))
    measured = rig.measured
    begins = [n // connections * TAKES_NS for n in range(turns * clients)]
    # a client is free again when its last attempt has ended, and asks for its turn at once
    freed = [0] * clients + [begins[n] + TAKES_NS for n in range((turns - 1) * clients)]
    assert rig.target.asked == asked_for(turns * clients)
    assert measured.pool_wait == count_latencies([a - b for a, b in zip(begins, freed, strict=True)])
    assert measured.service == count_latencies([TAKES_NS] * turns * clients)
    assert measured.response.moments.total == measured.pool_wait.moments.total + len(begins) * TAKES_NS


async def test_a_lost_link_is_mended_and_given_back() -> None:
    """Who had it in hand sees to a new session; the others go on over it, and nobody waits for ever."""

    def behave(_: str, arguments: tuple[Any, ...]) -> Act:
        return Lose() if arguments[0] % 3 == 1 else Reply()

    rig = await make_rig(behave, clients=5, connections=1, attempts=20)
    measurement = await rig.live()
    assert measurement.attempts == 20
    assert gone_wrong(rig.script) == ([], list(range(1, 20, 3)))
    assert rig.target.opened == 1 + len(range(1, 20, 3))
    assert len(rig.target.open_sessions) == 1


async def test_who_waits_for_a_turn_is_not_what_the_watchdog_looks_for() -> None:
    """Only the attempt on the silent connection is given up; the others were not even sent."""
    rig = await make_rig(
        lambda _, given: Hang() if given == (0,) else Reply(), clients=4, connections=1, attempts=4
    )
    async with beside(rig.live) as phase:
        await wait_until(rig.target.hanging.is_set)
        rig.clock.advance(PATIENCE.answer_ns + 1)
        await wait_until(lambda: phase.finished)
    measurement = rig.measured
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, failure.error_class, count) == (Outcome.TIMEOUT, "no_answer", 1)
    assert measurement.pool_wait.moments.minimum > PATIENCE.answer_ns
    assert measurement.response.moments.count == 3


async def test_what_is_cut_off_while_it_waits_for_a_turn_is_unfinished() -> None:
    """It was begun and did not end; the connection it never had is none of its business."""
    rig = await make_rig(answering(Hang()), clients=4, connections=1, attempts=9)
    async with beside(rig.live) as phase:
        await wait_until(rig.target.hanging.is_set)
        phase.cancel()
    measurement = rig.measured
    assert (measurement.attempts, measurement.unfinished) == (0, 4)
    assert rig.script.taken == 4
    assert rig.target.sessions[0].terminated == 1
    # nothing was sent of those that waited: all four used to be in doubt
    assert gone_wrong(rig.script) == ([1, 2, 3], [0])
