"""All clients together: who gets which attempt, and over which connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.errors import TargetError
from perfengine.execution.crew import Crew, patience_for
from perfengine.execution.transaction import Rests
from perfengine.metrics.recorder import Recorder
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.doubles.target import Act, FakeTarget, Hold, Lose, Refusal, Refuse, Reply
from tests.examples import examples_a_loop
from tests.unit.execution.crews import (
    BACK_OFF,
    PATIENCE,
    asked_for,
    equipment_for,
    gone_wrong,
    make_rig,
    reading,
    wait_until,
    watchdog_looked,
    writing,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from perfengine.model.operation import Operation
    from tests.doubles.clock import FakeClock

pytestmark = pytest.mark.anyio


@examples_a_loop
@given(clients=st.integers(1, 20), attempts=st.integers(0, 80))
async def test_each_attempt_is_made_once(clients: int, attempts: int) -> None:
    """However many clients share the script, every attempt reaches the server once and is counted once."""
    rig = await make_rig(clients=clients, attempts=attempts)
    measurement = await rig.loop()
    assert sorted(rig.target.asked) == asked_for(attempts)
    assert rig.script.taken == measurement.attempts == attempts
    assert gone_wrong(rig.script) == ([], [])


@examples_a_loop
@given(
    clients=st.integers(1, 10),
    connections=st.integers(1, 10),
    each=st.integers(0, 8),
    more=st.integers(0, 3),
    lost=st.sets(st.integers(0, 79)),
)
async def test_every_client_makes_its_own_warm_up(
    clients: int, connections: int, each: int, more: int, lost: set[int]
) -> None:
    """So many attempts by every client, however many there are, and not one more for a lost connection."""
    rig = await make_rig(
        lambda _, arguments: Lose() if arguments[0] in lost else Reply(),
        clients=clients,
        connections=min(clients, connections),
        attempts=clients * each + more,
    )
    measurement = await rig.warm_up(each)
    assert rig.script.taken == clients * each
    assert sorted(rig.target.asked) == asked_for(clients * each)
    assert measurement.attempts == clients * each
    assert gone_wrong(rig.script)[1] == sorted(n for n in lost if n < clients * each)


@examples_a_loop
@given(clients=st.integers(1, 8), milliseconds=st.integers(1, 40))
async def test_a_repeating_script_fills_the_window(clients: int, milliseconds: int) -> None:
    """It starts over until the window closes; nothing is begun after that, and what runs is brought to its end."""
    begun: list[int] = []

    def behave(_: str, __: tuple[Any, ...]) -> Act:
        begun.append(rig.clock())
        return Reply(takes_ns=NS_PER_MS)

    rig = await make_rig(behave, clients=clients, attempts=3, repeat=True, window_ns=milliseconds * NS_PER_MS)
    measurement = await rig.loop()
    assert max(begun) < rig.window.end_ns <= rig.clock()
    assert measurement.attempts == len(begun) >= milliseconds
    assert rig.target.asked == [(n % 3,) for n in range(len(begun))]
    assert measurement.unfinished == 0


async def test_a_slow_client_makes_its_own_warm_up_too() -> None:
    """The others do not take its attempts: its connection needs them as much as theirs."""
    release = anyio.Event()
    rig = await make_rig(
        lambda _, given: Hold(release=release, reply=Reply()) if given == (0,) else Reply(),
        clients=3,
        attempts=12,
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(rig.warm_up, 4)
        await wait_until(lambda: len(rig.target.asked) == 9)
        await watchdog_looked(rig)
        assert len(rig.target.asked) == 1 + 2 * 4
        release.set()
    assert sorted(rig.target.asked) == asked_for(12)


def take_on(
    crew: Crew, target: FakeTarget, operation: Operation, clients: int, connections: int | None = None
) -> Coroutine[Any, Any, None]:
    """Return what makes a crew ready for an operation."""
    rests = Rests(
        sleep_ns=lambda _: anyio.lowlevel.checkpoint(), pauses_ns=lambda _: (0,), backoff_share=iter(())
    )
    return crew.take_on(
        equipment_for([operation], [Recorder(operation.name)], target, rests),
        clients=clients,
        connections=clients if connections is None else connections,
        patience=PATIENCE,
    )


async def test_connections_are_kept_over_operations(target: FakeTarget, clock: FakeClock) -> None:
    """More clients open what is missing, fewer leave the rest open; each prepares what it will run."""
    crew = Crew(target, clock, BACK_OFF)
    await take_on(crew, target, reading(), 2)
    await take_on(crew, target, writing(), 5)
    await take_on(crew, target, writing(), 1)
    await take_on(crew, target, writing(), 50, 3)
    assert target.opened == 5
    assert len(target.prepared) == 2 + 5 + 1 + 3
    await crew.dismiss()
    assert (target.said_goodbye, target.open_sessions) == (5, set())


async def test_a_broken_connection_is_noticed_before_the_next_phase(
    target: FakeTarget, clock: FakeClock
) -> None:
    """What broke while nothing was measured is replaced, and no attempt is spent on it."""
    crew = Crew(target, clock, BACK_OFF)
    await take_on(crew, target, reading(), 3)
    target.kill()
    await take_on(crew, target, writing(), 3)
    assert (target.opened, len(target.open_sessions)) == (6, 3)
    assert target.asked == []


async def test_there_are_never_more_connections_than_clients(target: FakeTarget, clock: FakeClock) -> None:
    """With as many or more each client holds its own; with fewer they take turns."""
    crew = Crew(target, clock, BACK_OFF)
    await take_on(crew, target, reading(), 2, 7)
    assert (target.opened, crew.pool) == (2, None)
    await take_on(crew, target, reading(), 3, 2)
    assert target.opened == 2
    assert crew.pool is not None


async def test_a_server_that_is_full_is_said_so_and_nothing_is_left_open(
    target: FakeTarget, clock: FakeClock
) -> None:
    """When one client cannot connect, the others' connections are closed with the crew."""
    crew = Crew(target, clock, BACK_OFF)
    target.refuses_sessions = 1
    with pytest.raises(TargetError, match="lets nobody in"):
        await take_on(crew, target, reading(), 20)
    await crew.dismiss()
    assert not target.open_sessions


async def test_a_statement_that_cannot_be_prepared_is_raised_as_it_is(
    target: FakeTarget, clock: FakeClock
) -> None:
    """One exception, not a group of them."""
    crew = Crew(target, clock, BACK_OFF)
    target.when_prepared = lambda _: Refuse(sqlstate="42883")
    with pytest.raises(Refusal):
        await take_on(crew, target, reading(), 3)
    assert target.opened == 3  # no connection was to blame, so none was replaced


async def test_a_crew_without_clients_is_done_at_once() -> None:
    """More load processes than clients leave one with nothing to do."""
    rig = await make_rig(clients=0, attempts=5)
    measurement = await rig.loop()
    assert (measurement.attempts, rig.script.taken, rig.target.opened) == (0, 0, 0)


def test_patience_is_longer_than_the_statement_timeout() -> None:
    """The server's own timeout comes first, so that its word is heard."""
    assert patience_for(30 * NS_PER_S).answer_ns > 30 * NS_PER_S
