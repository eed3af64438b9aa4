"""How late the event loop itself is: how long a ready callback waits behind the others.

A reply that has arrived waits just as long before its client sees it, so this is the delay that the generator adds
to what it measures. Asked for with `call_soon` rather than with a timer: uvloop's timers are a millisecond coarse.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from array import array

    from perfengine.ports.clock import Clock

PERIOD_S = 0.01


async def sample_loop_lag(samples_ns: array[int], clock: Clock) -> None:
    """Append a lag in ns about a hundred times a second, until cancelled.

    Callbacks rather than a task that sleeps: a hundred times a second, a cancel scope and a coroutine are left out.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def arrive(left_ns: int) -> None:
        samples_ns.append(clock() - left_ns)

    def leave() -> None:
        nonlocal timer
        loop.call_soon(arrive, clock())
        timer = loop.call_later(PERIOD_S, leave)

    leave()
    try:
        await anyio.sleep_forever()
    finally:
        timer.cancel()
