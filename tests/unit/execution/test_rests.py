"""How sessions of one process wait inside of attempts: not alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from anyio.lowlevel import checkpoint

from perfengine.execution.link import Equipment
from perfengine.execution.transaction import Rests
from perfengine.metrics.recorder import Recorder
from perfengine.model.load import Spread, ThinkTime
from perfengine.model.transaction import PauseStep, Retry
from tests.doubles.clock import FakeClock
from tests.doubles.target import Act, FakeTarget, Refuse, Reply
from tests.unit.execution.transactions import STEPS, by_statement, transacting

if TYPE_CHECKING:
    from perfengine.model.operation import Operation

pytestmark = pytest.mark.anyio

DEADLOCK = Refuse(sqlstate="40P01")


async def waits(operation: Operation, *acts: Act) -> list[int]:
    """Return how long attempts wait that are made on two sessions in turn, twice; UPDATE answers so."""
    asleep_ns: list[int] = []

    async def sleep_ns(length_ns: int) -> None:
        asleep_ns.append(length_ns)
        await checkpoint()

    def rests_of(_: Operation) -> Rests:
        return Rests(
            sleep_ns=sleep_ns, pauses_ns=lambda _: (10, 20, 30), backoff_share=iter((0.5, 0.6, 0.7, 0.8))
        )

    target = FakeTarget(FakeClock(), by_statement(UPDATE=acts or [Reply()]))
    equipment = Equipment(
        operations=[operation], recorders=[Recorder("transfer")], target=target, rests=rests_of
    )
    links = [await equipment.equip(await target.open_session()) for _ in range(2)]
    for link in links * 2:
        arguments: tuple[Any, ...] = (1, 2)
        await link.lanes[0].call(*arguments)
    return asleep_ns


async def test_sessions_take_turns_with_the_pauses_of_a_step() -> None:
    """All clients of a process used to make the same pauses in the same order.

    Those that began together came back together, and met the server as a crowd.
    """
    pause = PauseStep(think=ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=1))
    assert await waits(transacting(steps=(STEPS[0], pause, STEPS[1]))) == [10, 20, 30, 10]


async def test_those_that_met_do_not_back_off_alike() -> None:
    """Two sessions that were each other's deadlock used to draw the same share, and met again."""
    policy = Retry(max_retries=1, backoff_ns=100)
    acts: list[Act] = [DEADLOCK, Reply()] * 4
    assert await waits(transacting(retry=policy), *acts) == [50, 60, 70, 80]
