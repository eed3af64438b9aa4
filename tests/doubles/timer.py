"""A timer that fires when the test's clock is moved; `perfengine.execution.alarm.Timer`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio.lowlevel import checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.doubles.clock import FakeClock

#: Turns of the event loop in which whoever was woken has gone on and waits again.
_TURNS = 5


class HandTimer:
    """Remembers what it was armed for; `armed_ns` is None when it is not."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._ring: Callable[[], None] | None = None
        self.armed_ns: int | None = None
        self.firings = 0
        self.closed = False

    def listen(self, ring: Callable[[], None]) -> None:
        """Call `ring` whenever the timer fires."""
        self._ring = ring

    def arm(self, due_ns: int) -> None:
        """Fire when the clock is moved to `due_ns` or beyond."""
        self.armed_ns = due_ns

    def close(self) -> None:
        """Never fire again."""
        self.closed = True
        self.armed_ns = None

    def fire(self) -> None:
        """Fire now, due or not."""
        assert self._ring is not None
        self.armed_ns = None
        self.firings += 1
        self._ring()

    async def pass_until(self, now_ns: int) -> None:
        """Move the clock, fire when that was waited for, and let everybody go on who was woken."""
        self._clock.now_ns = now_ns
        if self.armed_ns is not None and self.armed_ns <= now_ns:
            self.fire()
        for _ in range(_TURNS):
            await checkpoint()
