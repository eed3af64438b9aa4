"""The canary's work on a server: additions and a round trip by turns, over a session that nobody loads."""

from __future__ import annotations

import time
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from perfengine.model.canary import CPU_SQL, ROUND_TRIP_SQL, CanarySlice
from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import asyncpg

#: How long a slice lasts, and into how many batches of equal length it is cut.
SLICE_NS: Final = 250 * NS_PER_MS
BATCHES: Final = 5
#: Passes that wake the processor up, and are not counted.
_FIRST: Final = 10


async def canary_slice(
    connection: asyncpg.Connection, measured_ns: int, *, clock: Callable[[], int] = time.perf_counter_ns
) -> CanarySlice:
    """Return what a quarter of a second of the canary took; `measured_ns` is noted in it.

    A batch is told by its median: what the client does meanwhile, such as a frame of a progress display, is not the
    server's. A server that is far away has fewer batches, one a pass at least.
    """
    cpu, trip = await connection.prepare(CPU_SQL), await connection.prepare(ROUND_TRIP_SQL)
    until = clock() + SLICE_NS
    for _ in range(_FIRST):
        await cpu.fetchval()
        await trip.fetchval()
        if clock() >= until:
            break
    until = clock() + SLICE_NS
    instants = [clock()]
    while instants[-1] < until:
        await cpu.fetchval()
        instants.append(clock())
        await trip.fetchval()
        instants.append(clock())
    took = [end - begin for begin, end in pairwise(instants)]
    return CanarySlice(
        measured_ns=measured_ns, cpu_ns=_medians(took[0::2]), round_trip_ns=_medians(took[1::2])
    )


def _medians(values: Sequence[int]) -> tuple[float, ...]:
    count = min(BATCHES, len(values))
    edges = [number * len(values) // count for number in range(count + 1)]
    return tuple(float(median(values[low:high])) for low, high in pairwise(edges))
