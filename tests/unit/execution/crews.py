"""A crew on a server in memory, with what its tests need to see."""

from __future__ import annotations

from array import array
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import repeat as always
from typing import TYPE_CHECKING, Any

import anyio
from anyio.lowlevel import checkpoint

from perfengine.errors import TargetError
from perfengine.execution.arrivals import Arrivals
from perfengine.execution.crew import Crew, Patience
from perfengine.execution.link import Equipment
from perfengine.execution.reconnect import BackOff
from perfengine.execution.round import Round
from perfengine.execution.script import Script
from perfengine.execution.transaction import Rests
from perfengine.execution.window import Window
from perfengine.metrics.measured_time import MeasuredTime
from perfengine.metrics.recorder import Recorder
from perfengine.metrics.tally import Tally
from perfengine.model.operation import Effect, Expectation, RowUse, Success
from perfengine.model.rows import Fate
from perfengine.units import NS_PER_S
from tests.builders import make_operation
from tests.doubles.target import FakeTarget, Reply, answering
from tests.doubles.world import World
from tests.unit.metrics.intervals import take_interval

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

    from perfengine.execution.script import Item
    from perfengine.model.measurement import Measurement
    from perfengine.model.operation import Operation
    from tests.doubles.clock import FakeClock
    from tests.doubles.target import Behaviour

PATIENCE = Patience(answer_ns=30 * NS_PER_S, drain_ns=5 * NS_PER_S, watch_period_s=0.001)
#: Where the clock moves without the watchdog: it looks by the time of the machine.
UNWATCHED = replace(PATIENCE, watch_period_s=3600)
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


def numbered(count: int) -> list[Item]:
    """Return so many attempts of the one operation, each with its number for argument."""
    return [(0, (number,)) for number in range(count)]


def asked_for(count: int) -> list[tuple[Any, ...]]:
    """Return what a server is asked for by so many attempts."""
    return [(number,) for number in range(count)]


def with_fate(script: Script, fate: Fate) -> list[int]:
    """Return which items of a script met this fate, by number."""
    return [number for number, one in enumerate(script.fates()) if one == fate]


def gone_wrong(script: Script) -> tuple[list[int], list[int]]:
    """Return which items failed, and which are in doubt."""
    return with_fate(script, Fate.FAILED), with_fate(script, Fate.IN_DOUBT)


def equipment_for(
    operations: Sequence[Operation], recorders: Sequence[Recorder], target: FakeTarget, rests: Rests
) -> Equipment:
    """Return what makes links of sessions."""
    return Equipment(operations=operations, recorders=recorders, target=target, rests=lambda _: rests)


@dataclass
class Rig:
    """A crew with a round to work."""

    world: World
    target: FakeTarget
    crew: Crew
    round: Round
    recorders: list[Recorder]
    time: MeasuredTime
    tally: Tally
    asleep_ns: list[int] = field(default_factory=list)  #: how long attempts slept, in their order

    @property
    def clock(self) -> FakeClock:
        """The clock of everything."""
        return self.world.clock

    @property
    def script(self) -> Script:
        """The attempts."""
        return self.round.script

    @property
    def window(self) -> Window:
        """How long clients go on taking work."""
        return self.round.window

    @property
    def all_measured(self) -> tuple[Measurement, ...]:
        """What was measured so far, by operation."""
        self.tally.add(take_interval(self.recorders))
        return self.tally.freeze()

    @property
    def measured(self) -> Measurement:
        """What was measured so far of the first operation, most often the only one."""
        return self.all_measured[0]

    async def loop(self) -> Measurement:
        """Let clients that hold their connections work; return what was measured when the crew is done."""
        return await self._measure(lambda: self.crew.loop(self.round))

    async def live(self) -> Measurement:
        """Let the clients be users; the same."""
        return await self._measure(lambda: self.crew.live(self.round))

    async def warm_up(self, attempts_each: int) -> Measurement:
        """Let every client make its attempts; the same."""
        return await self._measure(lambda: self.crew.warm_up(self.round, attempts_each))

    def schedule(self, due_ns: Iterable[int], *, clients: int, waiting: int | None = None) -> Arrivals:
        """Make it a round of an open load, whose arrivals are due so long after now; `waiting` may wait."""
        now_ns = self.clock.now_ns
        self.round.arrivals = Arrivals(
            (now_ns + instant_ns for instant_ns in due_ns),
            self.round.items,
            clock=self.clock,
            window=self.window,
            drop=self.round.drop,
            clients=clients,
            waiting=waiting,
        )
        return self.round.arrivals

    async def follow(self) -> None:
        """Let the clients follow the schedule."""
        await self.crew.follow(self.round)

    async def _measure(self, work: Callable[[], Awaitable[None]]) -> Measurement:
        with anyio.fail_after(DEADLINE_S):
            await work()
        return self.measured

    def ended(self) -> int:
        """Return how many attempts have ended."""
        return sum(measurement.attempts for measurement in self.all_measured)


async def make_rig(
    behaviour: Behaviour | None = None,
    *,
    clients: int = 1,
    connections: int | None = None,
    attempts: int = 1,
    items: Sequence[Item] | None = None,
    operations: Sequence[Operation] | None = None,
    repeat: bool = False,
    window_ns: int | None = None,
    back_off: BackOff = BACK_OFF,
    patience: Patience = PATIENCE,
    side_by_side: bool = False,
    backoff_share: float = 1.0,
) -> Rig:
    """Return a crew that is connected and has taken the operations on, one unless said.

    `side_by_side`: statements take their time beside each other, and `World.run` lets it pass.
    """
    world, operations = World(), operations or [writing()]
    target = FakeTarget(world.clock, behaviour or answering(Reply()))
    if side_by_side:
        target.alarm = world.server_alarm
    time = MeasuredTime()
    time.begin_round(world.clock())
    recorders = [Recorder(operation.name, time=time) for operation in operations]
    crew = Crew(target, world.clock, back_off)
    asleep_ns: list[int] = []
    rests = _rests(world.clock, asleep_ns, backoff_share)
    await crew.take_on(
        equipment_for(operations, recorders, target, rests),
        clients=clients,
        connections=clients if connections is None else connections,
        patience=patience,
    )
    window = Window() if window_ns is None else Window(world.clock() + window_ns)
    window.at_close(world.alarm.release)
    round_ = Round(
        script=Script(numbered(attempts) if items is None else items, repeat=repeat),
        window=window,
        alarm=world.alarm,
        recorders=recorders,
        start_delay_ns=array("q"),
        pool=crew.pool,
    )
    tally = Tally([operation.name for operation in operations])
    return Rig(world, target, crew, round_, recorders, time, tally, asleep_ns)


def _rests(clock: FakeClock, asleep_ns: list[int], backoff_share: float) -> Rests:
    """Return how attempts wait: each wait moves the clock, and is noted."""

    async def sleep_ns(length_ns: int) -> None:
        await checkpoint()
        asleep_ns.append(length_ns)
        clock.advance(length_ns)

    return Rests(
        sleep_ns=sleep_ns, pauses_ns=lambda number: (10 * number, 20), backoff_share=always(backoff_share)
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
async def beside(work: Callable[[], Awaitable[object]]) -> AsyncIterator[Phase]:
    """Let the work go on beside the block."""
    async with anyio.create_task_group() as tasks:
        phase = Phase(tasks.cancel_scope.cancel)

        async def do() -> None:
            try:
                await work()
            except TargetError as error:
                phase.error = error
            phase.finished = True

        tasks.start_soon(do)
        yield phase


async def watchdog_looked(rig: Rig) -> None:
    """Return when the watchdog has read the clock a few times; nobody else does while attempts are in flight."""
    before = rig.clock.readings
    await wait_until(lambda: rig.clock.readings > before + 2)
