"""The gate in front of a server that was lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest
from anyio.lowlevel import checkpoint

from perfengine.errors import TargetError
from perfengine.execution.reconnect import BackOff, ReconnectGate
from tests.doubles.target import FakeSession, FakeTarget, Refusal, Refuse
from tests.doubles.virtual_time import VIRTUAL_TIME
from tests.unit.execution.crews import HOPELESS

if TYPE_CHECKING:
    from perfengine.ports.target import Session, Statement
    from tests.doubles.clock import FakeClock

pytestmark = pytest.mark.anyio
#: For tests in which time passes: as much of it as is waited for, and no more.
on_virtual_time = pytest.mark.parametrize("anyio_backend", [VIRTUAL_TIME], ids=["virtual time"])


async def equip(session: Session) -> tuple[Session, Statement]:
    """Return the session with a statement on it."""
    return session, await session.prepare("SELECT 1")


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that were asked for; none of them lasts."""
    asked: list[float] = []

    async def sleep(delay: float) -> None:
        asked.append(delay)
        await checkpoint()

    monkeypatch.setattr(anyio, "sleep", sleep)
    return asked


async def test_the_pause_doubles_up_to_the_longest(target: FakeTarget, pauses: list[float]) -> None:
    """A server that stays away is asked less and less often."""
    target.refuses_sessions = 8
    session, statement = await ReconnectGate(target).reopen(equip)
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    assert list(await statement.fetch()) == [(1,)]
    assert session in target.open_sessions


async def test_a_server_that_is_there_is_not_kept_waiting(target: FakeTarget, pauses: list[float]) -> None:
    """The first try comes at once."""
    await ReconnectGate(target).reopen(equip)
    assert pauses == []


async def test_a_session_that_breaks_at_once_is_the_outage_going_on(
    target: FakeTarget, pauses: list[float]
) -> None:
    """A server that is restarting lets sessions in and ends them; the gate tries again."""
    target.breaks_on_prepare = 3
    _, statement = await ReconnectGate(target).reopen(equip)
    assert await statement.fetch()
    assert len(pauses) == 3
    assert len(target.open_sessions) == 1


@on_virtual_time
async def test_a_long_outage_ends_in_a_target_error(target: FakeTarget) -> None:
    """It says that the server was lost, and what it said last."""
    target.refuses_sessions = 1_000_000
    with pytest.raises(TargetError, match=r"lost while loading.*lets nobody in"):
        await ReconnectGate(target, replace(HOPELESS, max_outage_s=0.5)).reopen(equip)
    assert not target.open_sessions


@on_virtual_time
async def test_a_server_that_does_not_even_answer_is_given_up_too(target: FakeTarget) -> None:
    """The time of the outage runs although no try ends."""
    gate = ReconnectGate(target, BackOff(max_outage_s=0.03, max_opening=1))
    never = anyio.Event()
    target.admits = never
    with pytest.raises(TargetError, match="no answer for"):
        await gate.reopen(equip)
    assert not target.open_sessions


async def test_a_statement_that_cannot_be_prepared_is_no_outage(target: FakeTarget) -> None:
    """The mistake comes through at once, and its session is not left open."""
    target.when_prepared = lambda _: Refuse(sqlstate="42601")
    with pytest.raises(Refusal):
        await ReconnectGate(target).reopen(equip)
    assert not target.open_sessions


async def test_a_server_that_comes_back_is_not_stormed(target: FakeTarget) -> None:
    """Of thirty clients that reconnect, as many as allowed are let through at a time."""
    gate = ReconnectGate(target, BackOff(max_opening=4))
    async with anyio.create_task_group() as tasks:
        for _ in range(30):
            tasks.start_soon(gate.reopen, equip)
    assert target.opened == 30
    assert target.most_opening == 4


@on_virtual_time
async def test_a_turn_that_is_waited_for_is_no_outage(clock: FakeClock) -> None:
    """A server that comes back lets all of them in, however long that takes.

    The time of the outage used to run while others were let in: a run of a thousand clients could end for a server
    that "did not come back", though it answered every one of them.
    """

    class Slow(FakeTarget):
        async def open_session(self) -> FakeSession:
            await anyio.sleep(0.05)
            return await FakeTarget.open_session(self)

    target = Slow(clock)
    gate = ReconnectGate(target, BackOff(max_opening=1, max_outage_s=1.0))
    async with anyio.create_task_group() as tasks:
        for _ in range(30):
            tasks.start_soon(gate.reopen, equip)
    assert len(target.open_sessions) == 30


@on_virtual_time
async def test_a_session_that_cannot_be_made_ready_in_time_is_given_up(target: FakeTarget) -> None:
    """The time of the outage is that of opening and of what comes after it; nothing is left open."""

    async def never(_: Session) -> None:
        await anyio.sleep_forever()

    with pytest.raises(TargetError, match="no answer for"):
        await ReconnectGate(target, HOPELESS).reopen(never)
    assert (target.opened, target.open_sessions) == (1, set())
