"""The gate that a client passes after its connection was lost, so that a dead server is not hammered.

A closed connection answers every call at once: without the gate a lost server would count hundreds of thousands of
errors a second. Back-off doubles from 50 ms to 2 s; an outage longer than `max_outage_s` ends the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from perfengine.errors import TargetError

if TYPE_CHECKING:
    from perfengine.ports.target import Session, Target

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 2.0
MAX_OUTAGE_S = 10.0
#: Connections that may be in the making at once: a server that just came back is not stormed.
MAX_OPENING = 10


class ReconnectGate:
    """Opens sessions, a few at a time, and gives up after a long outage."""

    def __init__(self, target: Target, max_outage_s: float = MAX_OUTAGE_S) -> None:
        self._target = target
        self._max_outage_s = max_outage_s
        self._opening = anyio.CapacityLimiter(MAX_OPENING)

    async def open(self) -> Session:
        """Return a new session at the first try. Raises: TargetError."""
        async with self._opening:
            return await self._target.open_session()

    async def reopen(self) -> Session:
        """Return a new session as soon as the server gives one.

        Raises: TargetError when the outage lasts too long.
        """
        pause_s = FIRST_PAUSE_S
        last: TargetError | None = None
        with anyio.move_on_after(self._max_outage_s):
            while True:
                try:
                    return await self.open()
                except TargetError as error:
                    last = error
                await anyio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        raise TargetError(f"the server was lost while loading and did not come back: {last}") from last
