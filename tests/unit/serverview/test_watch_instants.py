"""When samples are taken: at the instants of a grid, whatever a sample takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio
import pytest

from perfengine.serverview.inquiry import Inquiry
from perfengine.serverview.local import LocalTable
from perfengine.serverview.watch import ServerWatch
from perfengine.units import NS_PER_S
from tests.doubles.clock import FakeClock
from tests.doubles.virtual_time import VIRTUAL_TIME
from tests.unit.serverview.test_inquiry import Connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.serverview.connection import Row
    from perfengine.serverview.watch import ServerSample

pytestmark = pytest.mark.anyio
INTERVAL_S = 0.1


@pytest.fixture
def anyio_backend() -> object:
    """Return an event loop on which nobody waits."""
    return VIRTUAL_TIME


@dataclass
class SlowConnection(Connection):
    """A connection to a server that takes its time, less than the interval if nothing is said."""

    takes_s: list[float] = field(default_factory=list)

    async def _answer(self) -> Sequence[Row]:
        await anyio.sleep(self.takes_s.pop(0) if self.takes_s else 0.03)
        return await super()._answer()


async def instants_s(takes_s: list[float], samples: int) -> list[float]:
    """Return the first instants of a watch on a server that takes so long for its first answers."""
    taken: list[ServerSample] = []
    enough = anyio.Event()

    def keep(sample: ServerSample) -> None:
        taken.append(sample)
        if len(taken) == samples:
            enough.set()

    connection, loop = SlowConnection(FakeClock(), takes_s=takes_s), asyncio.get_running_loop()

    async def connect() -> Connection:
        return connection

    watch = ServerWatch(
        Inquiry(connect, version_number=180006, run_id="0badcafe", pooled=True),
        LocalTable(local=False, socket=False),
        clock=lambda: round(loop.time() * NS_PER_S),  # of a thread of its own, too
        began_ns=0,
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch.keep_sampling, keep, INTERVAL_S)
        await enough.wait()
        tasks.cancel_scope.cancel()
    return [sample.at_s for sample in taken]


async def test_samples_do_not_drift() -> None:
    """What a sample takes is not added to the time until the next."""
    assert await instants_s([], 50) == pytest.approx([number * INTERVAL_S for number in range(50)])


async def test_a_late_sample_does_not_shift_the_next() -> None:
    """The instants that it missed are left out."""
    assert await instants_s([0.03, 0.25], 5) == pytest.approx([0, 0.1, 0.4, 0.5, 0.6])
