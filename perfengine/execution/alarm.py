"""Waiting for instants of the clock: any number of waiters on one timer, no polling.

The timers of uvloop are a millisecond coarse, and a schedule of a thousand attempts a second needs better: see
docs/decisions/0010-timers.md.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, insort
from itertools import count
from operator import itemgetter
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final, Protocol

from anyio import ClosedResourceError

from perfengine.execution.timerfd import TimerFd
from perfengine.execution.window import NEVER_NS
from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.ports.clock import Clock

    #: when it is due, in which order it came, and what it waits for
    Waiter = tuple[int, int, asyncio.Future[None]]

_MS_PER_S: Final = 1_000
_due_of: Final = itemgetter(0)


class Timer(Protocol):
    """What wakes an alarm: fires once for each time it was armed, unless it was armed anew before."""

    def listen(self, ring: Callable[[], None]) -> None:
        """Call `ring` whenever the timer fires."""

    def arm(self, due_ns: int) -> None:
        """Fire at `due_ns`, and no longer at the instant armed for before."""

    def close(self) -> None:
        """Never fire again."""


class Alarm:
    """Lets any number of tasks of one event loop wait, each for an instant of its own.

    Waiters stand in a sorted list: who is due last is appended, anybody else finds a place by bisection.
    """

    __slots__ = ("_armed_ns", "_clock", "_closed", "_numbers", "_timer", "_waiters")

    def __init__(self, clock: Clock, timer: Timer) -> None:
        self._clock = clock
        self._timer = timer
        self._waiters: list[Waiter] = []
        self._numbers = count()
        self._armed_ns = NEVER_NS
        self._closed = False
        timer.listen(self._ring)

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiters)

    async def until(self, due_ns: int) -> None:
        """Return once the clock has reached `due_ns`, or at a release.

        When it has already, nobody else runs in between. Waiters for one instant go on in the order they came in.
        Raises: ClosedResourceError when the alarm is closed, before or meanwhile.
        """
        if due_ns <= self._clock():
            return
        if self._closed:
            raise ClosedResourceError
        waiter = (due_ns, next(self._numbers), asyncio.get_running_loop().create_future())
        self._admit(waiter)
        try:
            await waiter[2]
        except BaseException:
            self._forget(waiter)
            raise

    def release(self) -> None:
        """Let everybody who waits go on at once, however early: there is nothing left to wait for."""
        self._let_go(len(self._waiters))

    def close(self) -> None:
        """Let nobody wait any more."""
        self._closed = True
        self._timer.close()
        for _, _, turn in self._waiters:
            if not turn.done():
                turn.set_exception(ClosedResourceError())

    def _admit(self, waiter: Waiter) -> None:
        waiters = self._waiters
        if not waiters or waiters[-1][0] <= waiter[0]:
            waiters.append(waiter)
        else:
            insort(waiters, waiter)
        if waiter[0] < self._armed_ns:
            self._arm(waiter[0])

    def _forget(self, waiter: Waiter) -> None:
        """Take out a waiter who was cancelled; the timer may fire for nobody, once."""
        place = bisect_left(self._waiters, waiter)
        if self._waiters[place : place + 1] == [waiter]:
            del self._waiters[place]

    def _ring(self) -> None:
        """Let everybody go on who is due, in one wake-up. A timer that fires early wakes nobody."""
        self._armed_ns = NEVER_NS
        self._let_go(bisect_left(self._waiters, self._clock() + 1, key=_due_of))
        if self._waiters:
            self._arm(self._waiters[0][0])

    def _let_go(self, count: int) -> None:
        released = self._waiters[:count]
        del self._waiters[:count]
        for _, _, turn in released:
            if not turn.done():
                turn.set_result(None)

    def _arm(self, due_ns: int) -> None:
        self._armed_ns = due_ns
        self._timer.arm(due_ns)


class LoopTimer:
    """The timer of the running event loop, where the system has no better.

    Rounded up to whole milliseconds: uvloop rounds to the nearest, and half of its wake-ups would be too early.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._handle: asyncio.TimerHandle | None = None
        self._ring: Callable[[], None] | None = None

    def listen(self, ring: Callable[[], None]) -> None:
        """Call `ring` whenever the timer fires."""
        self._ring = ring

    def arm(self, due_ns: int) -> None:
        """Fire a little after `due_ns`, and no longer at the instant armed for before."""
        self.close()
        left_ms = max(-((self._clock() - due_ns) // NS_PER_MS), 0)
        self._handle = self._loop.call_later(left_ms / _MS_PER_S, self._fire)

    def close(self) -> None:
        """Never fire again, unless armed."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _fire(self) -> None:
        self._handle = None
        if self._ring is not None:
            self._ring()


def open_alarm() -> Alarm:
    """Return an alarm on the running event loop and `time.perf_counter_ns`, with the best timer of the system."""
    return Alarm(perf_counter_ns, open_timer())


def open_timer() -> Timer:
    """Return the kernel's timer on Linux, the event loop's elsewhere."""
    try:
        return TimerFd()
    except OSError:
        return LoopTimer(perf_counter_ns)
