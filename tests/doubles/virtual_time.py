"""An event loop on which nobody waits: its time goes on as soon as there is nothing else to do."""

from __future__ import annotations

import asyncio
import selectors


class _Skipping(selectors.DefaultSelector):
    """Waits for files and threads as ever; where a timer is all there is to wait for, its instant is now."""

    now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0 if timeout else timeout)
        if timeout and not found:
            self.now_s += timeout
        return found


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Its clock begins at 0, and shows the instants of its timers to the nanosecond."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Return the seconds that were waited for so far."""
        return self._skipping.now_s


#: For a fixture `anyio_backend`.
VIRTUAL_TIME = ("asyncio", {"loop_factory": VirtualTimeLoop})
