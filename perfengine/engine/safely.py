"""Work on a server that others use, cut off when it harms them: before the load, and in paired comparisons."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from perfengine.engine.safety_stop import SafetyStop
from perfengine.engine.watching import watch_of
from perfengine.errors import TargetError, leaf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from perfengine.database.address import Address
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress


@asynccontextmanager
async def safely(planned: PlannedRun, address: Address, progress: Progress) -> AsyncIterator[None]:
    """Look at the server once a second for the block, and cancel it when a limit of `safety:` is violated.

    Raises: TargetError with the limit, in place of the cancellation.
    """
    safety = SafetyStop(planned.plan.safety, address)
    if safety.asks_nothing:
        yield
        return
    try:
        async with anyio.create_task_group() as beside:
            beside.start_soon(_cancel_when_told, safety, beside.cancel_scope)
            async with watch_of(planned, address, progress).sampling(safety.look):
                yield
            beside.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        raise leaf(group) from group
    if safety.why:
        raise TargetError(f"stopped: {safety.why}")


async def _cancel_when_told(safety: SafetyStop, block: anyio.CancelScope) -> None:
    await safety.tripped.wait()
    block.cancel()
