"""The delay that the event loop adds."""

from __future__ import annotations

import asyncio
from array import array
from typing import TYPE_CHECKING

import anyio
import pytest

from perfengine.execution.loop_lag import sample_loop_lag
from perfengine.units import NS_PER_MS
from tests.unit.execution.crews import wait_until

if TYPE_CHECKING:
    from tests.doubles.clock import FakeClock

pytestmark = pytest.mark.anyio


async def test_the_lag_is_what_passes_before_a_ready_callback_runs(clock: FakeClock) -> None:
    """With another callback of a millisecond in every turn of the loop, a ready one waits for just that."""
    loop = asyncio.get_running_loop()
    lags_ns = array("q")

    def work_for_a_millisecond() -> None:
        clock.advance(NS_PER_MS)
        if len(lags_ns) < 3:
            loop.call_soon(work_for_a_millisecond)

    async with anyio.create_task_group() as tasks:
        loop.call_soon(work_for_a_millisecond)
        tasks.start_soon(sample_loop_lag, lags_ns, clock)
        await wait_until(lambda: len(lags_ns) >= 3)
        tasks.cancel_scope.cancel()
    assert list(lags_ns[:3]) == [NS_PER_MS] * 3


async def test_an_idle_loop_has_no_lag(clock: FakeClock) -> None:
    """When nothing else runs, no time passes between leaving and arriving."""
    lags_ns = array("q")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sample_loop_lag, lags_ns, clock)
        await wait_until(lambda: len(lags_ns) >= 2)
        tasks.cancel_scope.cancel()
    assert list(lags_ns) == [0] * len(lags_ns)
