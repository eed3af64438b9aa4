"""All clients together: who gets which attempt, when they stop, and what ends a phase early."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.errors import TargetError
from perfengine.execution.crew import Crew, patience_for
from perfengine.model.outcome import Outcome
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.doubles.target import Act, FakeTarget, Hang, Hold, Lose, Refusal, Refuse, Reply, answering
from tests.unit.execution.crews import (
    BACK_OFF,
    HOPELESS,
    PATIENCE,
    Rig,
    make_rig,
    numbered,
    reading,
    wait_until,
    writing,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.doubles.clock import FakeClock

pytestmark = pytest.mark.anyio


@dataclass
class Phase:
    """How a phase that runs beside a test is doing."""

    cancel: Callable[[], None]
    finished: bool = False
    error: TargetError | None = None


@asynccontextmanager
async def measuring(rig: Rig) -> AsyncIterator[Phase]:
    """Let the crew measure beside the block."""
    async with anyio.create_task_group() as tasks:
        phase = Phase(tasks.cancel_scope.cancel)

        async def measure() -> None:
            try:
                await rig.measure()
            except TargetError as error:
                phase.error = error
            phase.finished = True

        tasks.start_soon(measure)
        yield phase


async def watchdog_looked(rig: Rig) -> None:
    """Return when the watchdog has read the clock a few times; nobody else does while attempts are in flight."""
    before = rig.clock.readings
    await wait_until(lambda: rig.clock.readings > before + 2)


@given(clients=st.integers(1, 20), attempts=st.integers(0, 80))
async def test_each_attempt_is_made_once(clients: int, attempts: int) -> None:
    """However many clients share the script, every attempt reaches the server once and is counted once."""
    rig = await make_rig(clients=clients, attempts=attempts)
    measurement = await rig.measure()
    assert sorted(rig.target.asked) == numbered(attempts)
    assert rig.script.taken == measurement.attempts == attempts
    assert rig.script.positions() == ((), ())


@given(clients=st.integers(1, 10), each=st.integers(0, 8), lost=st.sets(st.integers(0, 79)))
async def test_every_client_makes_its_own_warm_up(clients: int, each: int, lost: set[int]) -> None:
    """So many attempts on every connection, and not one more when a connection is lost on the way."""
    rig = await make_rig(
        lambda _, arguments: Lose() if arguments[0] in lost else Reply(),
        clients=clients,
        attempts=clients * each,
    )
    measurement = await rig.warm_up(each)
    assert sorted(rig.target.asked) == numbered(clients * each)
    assert measurement.attempts == clients * each
    assert rig.script.positions()[1] == tuple(sorted(n for n in lost if n < clients * each))


@given(clients=st.integers(1, 8), milliseconds=st.integers(1, 40))
async def test_a_repeating_script_fills_the_window(clients: int, milliseconds: int) -> None:
    """It starts over until the window closes; nothing is begun after that, and what runs is brought to its end."""
    begun: list[int] = []

    def behave(_: str, __: tuple[Any, ...]) -> Act:
        begun.append(rig.clock())
        return Reply(takes_ns=NS_PER_MS)

    rig = await make_rig(behave, clients=clients, attempts=3, repeat=True, window_ns=milliseconds * NS_PER_MS)
    measurement = await rig.measure()
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
    assert sorted(rig.target.asked) == numbered(12)


async def test_an_attempt_in_flight_outlives_a_window_that_ends_by_itself() -> None:
    """Only a stop is in a hurry: an attempt that began in time is measured to its end."""
    release = anyio.Event()
    held = answering(Hold(release=release, reply=Reply()))
    rig = await make_rig(held, attempts=5, window_ns=NS_PER_MS)
    async with measuring(rig) as phase:
        await wait_until(lambda: len(rig.target.asked) == 1)
        rig.clock.advance(NS_PER_MS + PATIENCE.drain_ns + 1)
        await watchdog_looked(rig)
        assert not phase.finished
        release.set()
        await wait_until(lambda: phase.finished)
    measurement = rig.recorder.freeze()
    assert (measurement.attempts, measurement.unfinished, rig.script.taken) == (1, 0, 1)


async def test_a_closed_window_hands_nothing_out() -> None:
    """A stop that comes before the first attempt is heard."""
    rig = await make_rig(clients=5, attempts=50)
    rig.window.close(rig.clock())
    measurement = await rig.measure()
    assert rig.target.asked == []
    assert (measurement.attempts, rig.script.taken) == (0, 0)


async def test_a_stop_lets_attempts_in_flight_end() -> None:
    """After it nothing more is handed out; what is in flight is counted when it ends."""
    release = anyio.Event()
    rig = await make_rig(answering(Hold(release=release, reply=Reply())), clients=3, attempts=50)
    async with measuring(rig) as done:
        await wait_until(lambda: len(rig.target.asked) == 3)
        rig.window.close(rig.clock())
        release.set()
        await wait_until(lambda: done.finished)
    measurement = rig.recorder.freeze()
    assert (measurement.attempts, measurement.unfinished) == (3, 0)
    assert rig.script.taken == 3


async def test_draining_ends_when_its_time_is_over() -> None:
    """Attempts that do not end after a stop are unfinished, and their rows in doubt."""
    rig = await make_rig(answering(Hang()), clients=3, attempts=50)
    async with measuring(rig) as done:
        await wait_until(lambda: len(rig.target.asked) == 3)
        rig.window.close(rig.clock())
        rig.clock.advance(PATIENCE.drain_ns)
        await watchdog_looked(rig)
        assert not done.finished
        rig.clock.advance(1)
        await wait_until(lambda: done.finished)
    measurement = rig.recorder.freeze()
    assert (measurement.attempts, measurement.unfinished) == (0, 3)
    assert rig.script.positions() == ((), (0, 1, 2))
    assert not rig.target.open_sessions


async def test_the_watchdog_frees_a_client_from_a_silent_server() -> None:
    """Past its patience the attempt is a timeout in doubt; the client goes on over a new connection."""
    rig = await make_rig(lambda _, given: Hang() if given == (1,) else Reply(), clients=2, attempts=20)
    async with measuring(rig) as done:
        await wait_until(lambda: rig.ended() == 19)
        rig.clock.advance(PATIENCE.answer_ns + 1)
        await wait_until(lambda: done.finished)
    measurement = rig.recorder.freeze()
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, failure.error_class, count) == (Outcome.TIMEOUT, "no_answer", 1)
    assert measurement.failed_response.moments.minimum > PATIENCE.answer_ns
    assert (measurement.attempts, measurement.unfinished) == (20, 0)
    assert rig.script.positions() == ((), (1,))
    assert (rig.target.opened, len(rig.target.open_sessions)) == (3, 2)


async def test_the_watchdog_waits_as_long_as_it_was_told() -> None:
    """Up to its patience an attempt is left alone."""
    release = anyio.Event()
    rig = await make_rig(answering(Hold(release=release, reply=Reply())))
    async with measuring(rig) as done:
        await wait_until(lambda: len(rig.target.asked) == 1)
        rig.clock.advance(PATIENCE.answer_ns)
        await watchdog_looked(rig)
        release.set()
        await wait_until(lambda: done.finished)
    assert rig.recorder.freeze().failures == {}


async def test_a_server_that_stays_away_ends_the_phase_and_keeps_what_was_measured() -> None:
    """The crew raises TargetError; the recorder and the script have everything up to the loss."""

    def behave(_: str, arguments: tuple[Any, ...]) -> Act:
        if arguments == (10,):
            rig.target.refuses_sessions = 1_000_000
            return Lose()
        return Reply()

    rig = await make_rig(behave, attempts=50, back_off=HOPELESS)
    with pytest.raises(TargetError, match="the server was lost while loading"):
        await rig.measure()
    measurement = rig.recorder.freeze()
    assert (measurement.attempts, measurement.response.moments.count) == (11, 10)
    assert rig.script.taken == 11
    assert rig.script.positions() == ((), (10,))


async def test_a_server_that_dies_ends_all_clients() -> None:
    """Attempts in flight on the other connections are lost too, each counted once."""
    rig = await make_rig(answering(Hang()), clients=8, attempts=50, back_off=HOPELESS)
    async with measuring(rig) as done:
        await wait_until(lambda: len(rig.target.asked) == 8)
        rig.target.refuses_sessions = 1_000_000
        rig.target.kill()
        await wait_until(lambda: done.finished)
    assert isinstance(done.error, TargetError)
    measurement = rig.recorder.freeze()
    assert measurement.attempts + measurement.unfinished == 8
    assert rig.script.taken == 8


async def test_connections_are_kept_over_operations(target: FakeTarget, clock: FakeClock) -> None:
    """More clients open what is missing, fewer leave the rest open; each prepares what it will run."""
    crew = Crew(target, clock, PATIENCE, BACK_OFF)
    await crew.take_on(reading(), 2)
    await crew.take_on(writing(), 5)
    await crew.take_on(writing(), 1)
    assert target.opened == 5
    assert len(target.prepared) == 2 + 5 + 1
    await crew.dismiss()
    assert (target.said_goodbye, target.open_sessions) == (5, set())


async def test_a_server_that_is_full_is_said_so_and_nothing_is_left_open(
    target: FakeTarget, clock: FakeClock
) -> None:
    """When one client cannot connect, the others' connections are closed with the crew."""
    crew = Crew(target, clock, PATIENCE, BACK_OFF)
    target.refuses_sessions = 1
    with pytest.raises(TargetError, match="lets nobody in"):
        await crew.take_on(reading(), 20)
    await crew.dismiss()
    assert not target.open_sessions


async def test_a_statement_that_cannot_be_prepared_is_raised_as_it_is(
    target: FakeTarget, clock: FakeClock
) -> None:
    """One exception, not a group of them."""
    crew = Crew(target, clock, PATIENCE, BACK_OFF)
    target.when_prepared = lambda _: Refuse(sqlstate="42883")
    with pytest.raises(Refusal):
        await crew.take_on(reading(), 3)
    assert target.opened == 3  # no connection was to blame, so none was replaced


async def test_a_crew_that_is_cancelled_counts_what_was_in_flight() -> None:
    """Whatever ends a phase, attempts and unfinished ones add up to what was handed out."""
    rig = await make_rig(answering(Hang()), clients=4, attempts=50)
    async with measuring(rig) as done:
        await wait_until(lambda: len(rig.target.asked) == 4)
        done.cancel()
    assert rig.recorder.freeze().unfinished == rig.script.taken == 4


def test_patience_is_longer_than_the_statement_timeout() -> None:
    """The server's own timeout comes first, so that its word is heard."""
    assert patience_for(30 * NS_PER_S).answer_ns > 30 * NS_PER_S
