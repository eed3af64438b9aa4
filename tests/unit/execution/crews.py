"""A crew on a server in memory, with what its tests need to see."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import anyio
from anyio.lowlevel import checkpoint

from perfengine.errors import TargetError
from perfengine.execution.crew import Crew, Patience
from perfengine.execution.reconnect import BackOff
from perfengine.execution.script import Script
from perfengine.execution.window import Window
from perfengine.metrics.recorder import Recorder
from perfengine.model.operation import Effect, Expectation, RowUse, Success
from perfengine.units import NS_PER_S
from tests.builders import make_operation
from tests.doubles.clock import FakeClock
from tests.doubles.target import FakeTarget, Reply, answering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from perfengine.model.measurement import Measurement
    from perfengine.model.operation import Operation
    from tests.doubles.target import Behaviour

PATIENCE = Patience(answer_ns=30 * NS_PER_S, drain_ns=5 * NS_PER_S, watch_period_s=0.001)
#: For outages that pass, however slow the machine is that runs the test.
BACK_OFF = BackOff(first_pause_s=0.001, longest_pause_s=0.002, max_outage_s=20)
#: For a server that stays away.
HOPELESS = BackOff(first_pause_s=0.001, longest_pause_s=0.002, max_outage_s=0.03)
RETURNED = Expectation(success=Success.RETURNED)
DEADLINE_S = 20


def reading(expectation: Expectation = RETURNED) -> Operation:
    """Return an operation that changes nothing."""
    return replace(make_operation(), expectation=expectation)


def writing(expectation: Expectation = RETURNED) -> Operation:
    """Return an operation that uses rows up."""
    return replace(reading(expectation), rows=RowUse(per_attempt=1, effect=Effect.STATE))


def numbered(count: int) -> list[tuple[Any, ...]]:
    """Return the arguments of so many attempts, each a tuple of its own."""
    return [(number,) for number in range(count)]


@dataclass
class Rig:
    """A crew with a script, a window and a recorder."""

    clock: FakeClock
    target: FakeTarget
    crew: Crew
    clients: int
    script: Script
    recorder: Recorder
    window: Window

    async def measure(self) -> Measurement:
        """Return what was measured when the crew is done."""
        with anyio.fail_after(DEADLINE_S):
            await self.crew.measure(self.clients, self.script, self.recorder, self.window)
        return self.recorder.freeze()

    def ended(self) -> int:
        """Return how many attempts have ended."""
        self.recorder.drain()
        return sum(self.recorder.totals)

    async def warm_up(self, attempts_each: int) -> Measurement:
        """Return what was done when every client has made its attempts."""
        with anyio.fail_after(DEADLINE_S):
            await self.crew.warm_up(self.clients, attempts_each, self.script, self.recorder, self.window)
        return self.recorder.freeze()


async def make_rig(
    behaviour: Behaviour | None = None,
    *,
    clients: int = 1,
    attempts: int = 1,
    operation: Operation | None = None,
    repeat: bool = False,
    window_ns: int | None = None,
    back_off: BackOff = BACK_OFF,
) -> Rig:
    """Return a crew that is connected and has taken the operation on."""
    clock = FakeClock()
    target = FakeTarget(clock, behaviour or answering(Reply()))
    crew = Crew(target, clock, PATIENCE, back_off)
    await crew.take_on(operation or writing(), clients)
    recorder = Recorder("single_order_confirm")
    recorder.begin_round(clock())
    return Rig(
        clock=clock,
        target=target,
        crew=crew,
        clients=clients,
        script=Script(numbered(attempts), repeat=repeat),
        recorder=recorder,
        window=Window() if window_ns is None else Window(clock() + window_ns),
    )


async def wait_until(condition: Callable[[], bool]) -> None:
    """Return when the condition holds; others run meanwhile."""
    with anyio.fail_after(DEADLINE_S):
        while not condition():
            await checkpoint()


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
