"""A world in which time passes from one instant that somebody waits for to the next, and in between none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio
from anyio.lowlevel import checkpoint

from perfengine.execution.alarm import Alarm
from perfengine.execution.window import NEVER_NS
from tests.doubles.clock import FakeClock
from tests.doubles.timer import HandTimer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: Turns of the event loop without a look at the clock, after which everybody waits for something.
_QUIET_TURNS = 5
_PATIENCE_S = 5


@dataclass
class World:
    """A clock, the alarm of the load loop, and another by which the server knows when it is done."""

    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.timer, self.server_timer = HandTimer(self.clock), HandTimer(self.clock)
        self.alarm, self.server_alarm = Alarm(self.clock, self.timer), Alarm(self.clock, self.server_timer)

    async def settle(self) -> None:
        """Return when nobody goes on before the clock is moved: whoever does reads it."""
        readings = -1
        while readings != self.clock.readings:
            readings = self.clock.readings
            for _ in range(_QUIET_TURNS):
                await checkpoint()

    @property
    def next_ns(self) -> int:
        """The next instant that somebody waits for."""
        armed = (timer.armed_ns for timer in (self.timer, self.server_timer))
        return min((instant for instant in armed if instant is not None), default=NEVER_NS)

    async def pass_until(self, now_ns: int) -> None:
        """Let time pass, with all that happens on the way."""
        await self.settle()
        while (instant_ns := self.next_ns) <= now_ns:
            self.clock.now_ns = max(self.clock.now_ns, instant_ns)
            for timer in (self.server_timer, self.timer):
                if timer.armed_ns is not None and timer.armed_ns <= self.clock.now_ns:
                    timer.fire()
            await self.settle()
        self.clock.now_ns = max(self.clock.now_ns, now_ns)

    async def run(self, work: Callable[[], Awaitable[object]], *moments: Moment) -> None:
        """Let the work go on until it is done; at each moment, in their order, do what it says."""
        done = anyio.Event()

        async def work_and_say() -> None:
            await work()
            done.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(work_and_say)
            for moment in moments:
                await self.pass_until(moment.instant_ns)
                moment.act()
            await self.settle()
            while not done.is_set() and self.next_ns < NEVER_NS:
                await self.pass_until(self.next_ns)
            with anyio.move_on_after(_PATIENCE_S):
                await done.wait()
            assert done.is_set(), "everybody waits for something that will not come"


@dataclass(frozen=True, slots=True)
class Moment:
    """What a test does at an instant."""

    instant_ns: int
    act: Callable[[], object]
