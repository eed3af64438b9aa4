"""The gate that a client passes after its connection was lost, so that a dead server is not hammered.

A closed connection answers every call at once: without the gate a lost server would count hundreds of thousands of
errors a second. Back-off doubles from 50 ms to 2 s; an outage longer than `BackOff.max_outage_s` ends the run.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import anyio

from perfengine.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from perfengine.ports.target import Session, Target

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """How hard a lost server is asked to come back; seconds."""

    first_pause_s: float = 0.05
    longest_pause_s: float = 2.0
    max_outage_s: float = 10.0
    #: Connections that may be in the making at once: a server that just came back is not stormed.
    max_opening: int = 10


class ReconnectGate:
    """Opens sessions, a few at a time, and gives up after a long outage."""

    def __init__(self, target: Target, back_off: BackOff | None = None) -> None:
        self._target = target
        self._back_off = back_off or BackOff()
        self._opening = anyio.CapacityLimiter(self._back_off.max_opening)

    async def open(self) -> Session:
        """Return a new session at the first try. Raises: TargetError."""
        async with self._opening:
            return await self._target.open_session()

    async def reopen(self, equip: Callable[[Session], Awaitable[Made]]) -> Made:
        """Return what `equip` makes of a new session, as soon as the server gives both.

        Raises: TargetError when the outage lasts too long, and what `equip` raises on a sound connection.
        """
        outage, pause_s = _Outage(self._back_off.max_outage_s), self._back_off.first_pause_s
        last: TargetError | None = None
        while outage.left_s > 0:
            try:
                made = await self._open_with(equip, outage)
                if made is not None:
                    return made
            except TargetError as error:
                last = error
            with outage.going_on():
                await anyio.sleep(pause_s)
            pause_s = min(2 * pause_s, self._back_off.longest_pause_s)
        why = last or f"no answer for {self._back_off.max_outage_s:g} s"
        raise TargetError(f"the server was lost while loading and did not come back: {why}") from last

    async def _open_with(self, equip: Callable[[Session], Awaitable[Made]], outage: _Outage) -> Made | None:
        """Return what `equip` makes; None when the time of the outage is over.

        A server that is restarting may let a session in and end it at once: that is the outage going on.
        """
        session = None
        async with self._opening:
            with outage.going_on():
                session = await self._target.open_session()
        if session is None:
            return None
        try:
            with outage.going_on():
                return await equip(session)
        except BaseException as error:
            session.terminate()
            failure = self._target.classify(error, writes=False)
            if failure.lost:
                raise TargetError(failure.message) from error
            raise
        session.terminate()
        return None


class _Outage:
    """How long a client may still wait for the server. Its turn to ask is no part of that: others get through."""

    def __init__(self, longest_s: float) -> None:
        self.left_s = longest_s

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Count the time of the block, and leave the block when it is over."""
        began_s = anyio.current_time()
        try:
            with anyio.move_on_after(self.left_s):
                yield
        finally:
            self.left_s -= anyio.current_time() - began_s
