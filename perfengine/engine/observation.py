"""What a load process notes while it measures: attempts, and what it does to them itself. Told once a second."""

from __future__ import annotations

import gc
import time
from array import array
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel

from perfengine.errors import leaf
from perfengine.execution.loop_lag import sample_loop_lag
from perfengine.metrics.counts import count_values
from perfengine.metrics.gc_pauses import GcPauses
from perfengine.metrics.measured_time import MeasuredTime
from perfengine.metrics.process_time import read_process_time
from perfengine.metrics.recorder import Recorder
from perfengine.model.measurement import GeneratorState, Interval, ProcessCost
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from perfengine.engine.messages import Shard
    from perfengine.metrics.process_time import ProcessTime
    from perfengine.model.measurement import Measurement, SecondCounts
    from perfengine.model.plan import PhasePlan
    from perfengine.ports.raw_sink import RawSink

    #: what a recorder hands out
    Part = tuple[Measurement, dict[int, SecondCounts]]

#: A drain takes 0.1 us an attempt, and 60 to 120 us whatever their number, in which no reply is seen: it is put off
#: while few wait, and made before so many wait that it would take a millisecond.
DRAIN_PERIOD_NS = NS_PER_S // 10
DRAINS_AN_INTERVAL = 10
WORTH_A_DRAIN = 1_000

clock = time.perf_counter_ns


class Observation:
    """The recorders of a phase in one load process, and its own state beside them."""

    def __init__(
        self,
        phase: PhasePlan,
        shard: Shard,
        limits_ns: Mapping[str, tuple[int, ...]],
        tell: Callable[[object], None],
        raw: RawSink | None = None,
    ) -> None:
        """`raw` takes every measured attempt."""
        self._shard = shard
        self._raw = raw
        self._tell = tell
        self._time = MeasuredTime()
        ends_ns = stage_ends_ns(phase)
        self.recorders = [
            Recorder(
                plan.operation.name,
                limits_ns.get(plan.operation.name, ()),
                time=self._time,
                stage_ends_ns=ends_ns,
            )
            for plan in phase.operations
        ]
        self.start_delay_ns = array("q")
        self._lag_ns = array("q")
        self._pauses = GcPauses(clock)
        self._since: ProcessTime = read_process_time()

    def warmed_up(self) -> tuple[dict[str, int], dict[str, int]]:
        """Forget everything so far; return attempts and failures by operation."""
        taken = [recorder.restart() for recorder in self.recorders]
        for recorder in self.recorders:
            recorder.keep_raw(self._raw)
        self._time.restart()
        del self.start_delay_ns[:]
        attempts = {part.operation: part.attempts for part in taken}
        return attempts, {part.operation: part.attempts - part.response.moments.count for part in taken}

    @property
    def elapsed_ns(self) -> int:
        """Measured time so far."""
        return self._time.elapsed_ns

    @asynccontextmanager
    async def round(self, begin_ns: int, elapsed_ns: int, lead_ns: int = 0) -> AsyncIterator[None]:
        """Measure for the block, from `begin_ns` on; measured time goes on at `elapsed_ns`.

        What is due within the first `lead_ns` is not recorded, and that time not measured.
        """
        gc.freeze()  # what was made since `settle_memory`
        self._since = read_process_time()
        self._time.begin_round(begin_ns + lead_ns, elapsed_ns + lead_ns)
        for recorder in self.recorders:
            recorder.skip_before(begin_ns + lead_ns if lead_ns else 0)
        try:
            with self._pauses:
                async with anyio.create_task_group() as beside:
                    beside.start_soon(self._report, begin_ns)
                    beside.start_soon(sample_loop_lag, self._lag_ns, clock)
                    try:
                        yield
                    finally:
                        beside.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise leaf(group) from group
        finally:
            gc.unfreeze()

    def end_round(self, least_ns: int) -> None:
        """Stop measured time at the last attempt's end, or at `least_ns` if that is later, and tell what is left."""
        for recorder in self.recorders:
            recorder.drain()
        self._time.end_round(least_ns)
        self._tell_parts([recorder.take() for recorder in self.recorders], self._time.elapsed_ns)

    async def _report(self, begin_ns: int) -> None:
        """Drain up to ten times a second and tell once, at instants that all load processes have in common."""
        for number in count(1):
            due_ns = begin_ns + number * DRAIN_PERIOD_NS
            await anyio.sleep(max(0, due_ns - clock()) / NS_PER_S)
            if number % DRAINS_AN_INTERVAL == 0:
                await self._tell_interval(self._time.at(due_ns))
            else:
                for recorder in self.recorders:
                    if recorder.waiting >= WORTH_A_DRAIN:
                        recorder.drain()

    async def _tell_interval(self, elapsed_ns: int) -> None:
        parts = []
        with anyio.CancelScope(shield=True):  # what was taken is told, though the round end meanwhile
            for recorder in self.recorders:
                parts.append(recorder.take())
                await anyio.lowlevel.checkpoint()  # replies wait for one operation's histograms, not for all
        self._tell_parts(parts, elapsed_ns)

    def _tell_parts(self, parts: Sequence[Part], elapsed_ns: int) -> None:
        self._tell(
            Interval(
                process=self._shard.index,
                elapsed_ns=elapsed_ns,
                operations=tuple(measurement for measurement, _ in parts),
                seconds=tuple(seconds for _, seconds in parts),
                generator=self._generator(),
            )
        )

    def _generator(self) -> GeneratorState:
        now = read_process_time()
        cost, self._since = now.since(self._since), now
        state = GeneratorState(
            processes=(
                ProcessCost(wall_ns=cost.wall_ns, cpu_ns=cost.cpu_ns, run_queue_ns=cost.run_queue_ns),
            ),
            loop_lag=count_values(self._lag_ns),
            start_delay=count_values(self.start_delay_ns),
            gc_pause=count_values(self._pauses.pauses_ns),
        )
        for samples in (self._lag_ns, self.start_delay_ns, self._pauses.pauses_ns):
            del samples[:]
        return state


def settle_memory() -> None:
    """Collect what is garbage, and keep the collector from walking what lives through a round again and again.

    With the attempts of a large round it takes longer than the head start of a round: it is done before that.
    """
    gc.collect()
    gc.freeze()


def stage_ends_ns(phase: PhasePlan) -> tuple[int, ...]:
    """Return the ends of the stages of a phase's load, in measured time; jumps end where they begin."""
    ends, end = [], 0
    for stage in phase.load.stages:
        end += stage.duration_ns
        ends.append(end)
    return tuple(ends)
