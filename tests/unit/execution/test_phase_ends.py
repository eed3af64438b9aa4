"""What ends a phase: its window, a stop, a silent server, a lost one; and what is in flight then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import anyio
import pytest

from perfengine.errors import TargetError
from perfengine.model.outcome import Outcome
from perfengine.units import NS_PER_MS
from tests.doubles.target import Act, Hang, Hold, Lose, Reply, answering
from tests.unit.execution.crews import (
    HOPELESS,
    PATIENCE,
    beside,
    gone_wrong,
    make_rig,
    wait_until,
    watchdog_looked,
)

pytestmark = pytest.mark.anyio


async def test_an_attempt_in_flight_outlives_a_window_that_ends_by_itself() -> None:
    """Only a stop is in a hurry: an attempt that began in time is measured to its end."""
    release = anyio.Event()
    held = answering(Hold(release=release, reply=Reply()))
    rig = await make_rig(held, attempts=5, window_ns=NS_PER_MS)
    async with beside(rig.loop) as phase:
        await wait_until(lambda: len(rig.target.asked) == 1)
        rig.clock.advance(NS_PER_MS + PATIENCE.drain_ns + 1)
        await watchdog_looked(rig)
        assert not phase.finished
        release.set()
        await wait_until(lambda: phase.finished)
    measurement = rig.measured
    assert (measurement.attempts, measurement.unfinished, rig.script.taken) == (1, 0, 1)


async def test_a_closed_window_hands_nothing_out() -> None:
    """A stop that comes before the first attempt is heard."""
    rig = await make_rig(clients=5, attempts=50)
    rig.window.close(rig.clock())
    measurement = await rig.loop()
    assert rig.target.asked == []
    assert (measurement.attempts, rig.script.taken) == (0, 0)


async def test_a_stop_lets_attempts_in_flight_end() -> None:
    """After it nothing more is handed out; what is in flight is counted when it ends."""
    release = anyio.Event()
    rig = await make_rig(answering(Hold(release=release, reply=Reply())), clients=3, attempts=50)
    async with beside(rig.loop) as done:
        await wait_until(lambda: len(rig.target.asked) == 3)
        rig.window.close(rig.clock())
        release.set()
        await wait_until(lambda: done.finished)
    measurement = rig.measured
    assert (measurement.attempts, measurement.unfinished) == (3, 0)
    assert rig.script.taken == 3


async def test_draining_ends_when_its_time_is_over() -> None:
    """Attempts that do not end after a stop are unfinished, and their rows in doubt."""
    rig = await make_rig(answering(Hang()), clients=3, attempts=50)
    async with beside(rig.loop) as done:
        await wait_until(lambda: len(rig.target.asked) == 3)
        rig.window.close(rig.clock())
        rig.clock.advance(PATIENCE.drain_ns)
        await watchdog_looked(rig)
        assert not done.finished
        rig.clock.advance(1)
        await wait_until(lambda: done.finished)
    measurement = rig.measured
    assert (measurement.attempts, measurement.unfinished) == (0, 3)
    assert gone_wrong(rig.script) == ([], [0, 1, 2])
    assert not rig.target.open_sessions


async def test_the_watchdog_frees_a_client_from_a_silent_server() -> None:
    """Past its patience the attempt is a timeout in doubt; the client goes on over a new connection."""
    rig = await make_rig(lambda _, given: Hang() if given == (1,) else Reply(), clients=2, attempts=20)
    async with beside(rig.loop) as done:
        await wait_until(lambda: rig.ended() == 19)
        rig.clock.advance(PATIENCE.answer_ns + 1)
        await wait_until(lambda: done.finished)
    measurement = rig.measured
    ((failure, count),) = measurement.failures.items()
    assert (failure.outcome, failure.error_class, count) == (Outcome.TIMEOUT, "no_answer", 1)
    assert measurement.failed_response.moments.minimum > PATIENCE.answer_ns
    assert (measurement.attempts, measurement.unfinished) == (20, 0)
    assert gone_wrong(rig.script) == ([], [1])
    assert (rig.target.opened, len(rig.target.open_sessions)) == (3, 2)


async def test_the_watchdog_waits_as_long_as_it_was_told() -> None:
    """Up to its patience an attempt is left alone."""
    release = anyio.Event()
    rig = await make_rig(answering(Hold(release=release, reply=Reply())))
    async with beside(rig.loop) as done:
        await wait_until(lambda: len(rig.target.asked) == 1)
        rig.clock.advance(PATIENCE.answer_ns)
        await watchdog_looked(rig)
        release.set()
        await wait_until(lambda: done.finished)
    assert rig.measured.failures == {}


async def test_a_server_that_stays_away_ends_the_phase_and_keeps_what_was_measured() -> None:
    """The crew raises TargetError; the recorder and the script have everything up to the loss."""

    def behave(_: str, arguments: tuple[Any, ...]) -> Act:
        if arguments == (10,):
            rig.target.refuses_sessions = 1_000_000
            return Lose()
        return Reply()

    rig = await make_rig(behave, attempts=50, back_off=HOPELESS)
    with pytest.raises(TargetError, match="the server was lost while loading"):
        await rig.loop()
    measurement = rig.measured
    assert (measurement.attempts, measurement.response.moments.count) == (11, 10)
    assert rig.script.taken == 11
    assert gone_wrong(rig.script) == ([], [10])


async def test_a_server_that_dies_ends_all_clients() -> None:
    """Attempts in flight on the other connections are lost too, each counted once."""
    rig = await make_rig(answering(Hang()), clients=8, attempts=50, back_off=HOPELESS)
    async with beside(rig.loop) as done:
        await wait_until(lambda: len(rig.target.asked) == 8)
        rig.target.refuses_sessions = 1_000_000
        rig.target.kill()
        await wait_until(lambda: done.finished)
    assert isinstance(done.error, TargetError)
    measurement = rig.measured
    assert measurement.attempts + measurement.unfinished == 8
    assert rig.script.taken == 8


async def test_a_crew_that_is_cancelled_counts_what_was_in_flight() -> None:
    """Whatever ends a phase, attempts and unfinished ones add up to what was handed out."""
    rig = await make_rig(answering(Hang()), clients=4, attempts=50)
    async with beside(rig.loop) as done:
        await wait_until(lambda: len(rig.target.asked) == 4)
        done.cancel()
    assert rig.measured.unfinished == rig.script.taken == 4


async def test_a_reply_that_a_busy_process_has_not_read_is_no_silence() -> None:
    """The watchdog gives an attempt up at its second look only.

    A process that was held up for long finds the watchdog due before it has read what the server answered meanwhile,
    and used to say of every attempt in flight that the server did not answer.
    """
    release = anyio.Event()
    held = answering(Hold(release=release, reply=Reply()))
    rig = await make_rig(held, patience=replace(PATIENCE, watch_period_s=0.5))
    async with beside(rig.loop) as phase:
        await wait_until(lambda: len(rig.target.asked) == 1)
        rig.clock.advance(PATIENCE.answer_ns + 1)
        before = rig.clock.readings
        await wait_until(lambda: rig.clock.readings > before)
        release.set()
        await wait_until(lambda: phase.finished)
    assert (rig.measured.attempts, rig.measured.failures) == (1, {})
    assert rig.target.opened == 1
