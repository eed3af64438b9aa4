"""Connections that clients share by turns, without a reset between them: no round trip but the attempt's own.

First come, first served: a connection that comes back goes to the client that has waited longest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.execution.link import Link


class Pool:
    """The links that nobody is using, and the clients that wait for one."""

    def __init__(self) -> None:
        self._idle: deque[Link] = deque()
        self._waiting: deque[asyncio.Future[Link]] = deque()

    async def take(self) -> Link:
        """Return a link for one attempt; waits for its turn when all are in use."""
        if self._idle:
            return self._idle.popleft()
        turn: asyncio.Future[Link] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.give(turn.result())  # the turn came while its client was being cut off
            raise

    def give(self, link: Link) -> None:
        """Hand a link back; the next client in line has it at once."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(link)
                return
        self._idle.append(link)
