"""How a load model becomes a round of the crew: who loops, who follows a schedule, who comes and goes."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from perfengine.execution.arrivals import Arrivals
from perfengine.execution.transaction import Rests
from perfengine.model.load import ClosedLoad, OpenLoad, Spread, ThinkTime
from perfengine.model.transaction import PauseStep
from perfengine.pacing.arrivals import arrivals
from perfengine.pacing.think import think_times_ns
from perfengine.pacing.users import active_intervals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.engine.messages import Shard
    from perfengine.execution.alarm import Alarm
    from perfengine.execution.crew import Crew
    from perfengine.execution.round import Presence, Round
    from perfengine.model.load import Load
    from perfengine.model.operation import Operation
    from perfengine.ports.clock import Clock

#: Pauses that are drawn for a user, or for a think step, before they start over.
DRAWN_PAUSES = 1024
#: A back-off is drawn between half and the whole of it, so that those who met do not meet again.
_HALF, _SPAN = 500_000, 1_000_000


class LoadShape:
    """The load of a phase as one load process carries it."""

    def __init__(self, load: Load, shard: Shard, seed: int, clock: Clock, *, stream: str = "") -> None:
        """`stream` tells draws apart that must not be alike: those of the warm-up."""
        self._load = load
        self._shard = shard
        self._seed = seed
        self._clock = clock
        self._stream = stream

    def steady(self) -> LoadShape:
        """Return the shape of a warm-up: the same clients and pauses, without stages, at the rate of the first."""
        load: Load
        if isinstance(self._load, OpenLoad):
            rate = next(
                (stage.target for stage in self._load.stages if stage.target > 0), self._load.rate_per_s
            )
            load = replace(self._load, stages=(), rate_per_s=rate)
        else:
            load = replace(self._load, stages=())
        return LoadShape(load, self._shard, self._seed, self._clock, stream="warm-up/")

    async def run(
        self, crew: Crew, round_: Round, *, begin_ns: int, elapsed_ns: int = 0, first_arrival: int = 0
    ) -> None:
        """Let the crew work the round from `begin_ns` on. Raises: TargetError when the server stays away.

        `elapsed_ns` is where on the load's own time axis the round begins, `first_arrival` the next arrival.
        """
        origin_ns = begin_ns - elapsed_ns
        if isinstance(self._load, OpenLoad):
            round_.arrivals = self._arrivals(self._load, round_, origin_ns, first_arrival)
            await crew.follow(round_)
            return
        await round_.alarm.until(begin_ns)
        if self._load.stages:
            round_.present = self._presence(self._load, origin_ns)
        if self._load.think is not None:
            round_.think_ns = self._thoughts(self._load.think)
        if round_.pool is None and round_.present is None and round_.think_ns is None:
            await crew.loop(round_)
        else:
            await crew.live(round_, self._shard.index, self._shard.count)

    def _arrivals(self, load: OpenLoad, round_: Round, origin_ns: int, first_arrival: int) -> Arrivals:
        due_ns = arrivals(
            load,
            seed=self._seed,
            stream=f"{self._stream}arrivals",
            first=first_arrival + self._shard.index,
            step=self._shard.count,
        )
        clients, waiting = self._shard.part_of(load.clients), None
        if load.max_in_flight is not None:
            waiting = max(0, self._shard.part_of(load.max_in_flight) - clients)
        return Arrivals(
            (origin_ns + instant_ns for instant_ns in due_ns),
            round_.items,
            clock=self._clock,
            window=round_.window,
            drop=round_.drop,
            clients=clients,
            waiting=waiting,
        )

    def _presence(self, load: ClosedLoad, origin_ns: int) -> _Present:
        def present(user: int) -> Presence:
            return [(origin_ns + a, origin_ns + b) for a, b in active_intervals(load.stages, user)]

        return present

    def _thoughts(self, think: ThinkTime) -> _Thoughts:
        def thoughts(user: int) -> Sequence[int]:
            return self._pauses(think, f"think/{user}")

        return thoughts

    def _pauses(self, think: ThinkTime, stream: str) -> Sequence[int]:
        return think_times_ns(
            think, seed=self._seed, stream=f"{self._stream}{stream}", first=0, count=DRAWN_PAUSES
        )

    def rests(self, operation: Operation, alarm: Alarm) -> Rests:
        """Return how attempts of an operation of several steps wait."""

        async def sleep_ns(length_ns: int) -> None:
            await alarm.until(self._clock() + length_ns)

        def pauses_ns(number: int) -> Sequence[int]:
            step = operation.transaction.steps[number] if operation.transaction else None
            if not isinstance(step, PauseStep):
                return (0,)
            return self._pauses(step.think, f"{operation.full_id}/{number}/{self._shard.index}")

        return Rests(sleep_ns=sleep_ns, pauses_ns=pauses_ns, backoff_share=self._shares(operation.full_id))

    def _shares(self, operation: str) -> Iterator[float]:
        jitter = ThinkTime(spread=Spread.UNIFORM, mean_ns=0, low_ns=_HALF, high_ns=_SPAN)
        return (
            share / _SPAN
            for share in cycle(self._pauses(jitter, f"{operation}/back-off/{self._shard.index}"))
        )


if TYPE_CHECKING:
    from collections.abc import Callable

    _Present = Callable[[int], Presence]
    _Thoughts = Callable[[int], Sequence[int]]
