"""How long clients go on taking work. Mutable on purpose: it is how a run is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: Later than any clock reading.
NEVER_NS = 1 << 62


class Window:
    """Open until `end_ns`; every client looks at it once an attempt. Attempts in flight at the end are drained."""

    __slots__ = ("_at_close", "end_ns", "stopped")

    def __init__(self, end_ns: int = NEVER_NS) -> None:
        self.end_ns = end_ns
        self.stopped = False
        self._at_close: list[Callable[[], None]] = []

    def close(self, now_ns: int) -> None:
        """Hand out no more work, from now on."""
        self.stopped = True
        self.end_ns = min(self.end_ns, now_ns)
        for wake in self._at_close:
            wake()

    def at_close(self, wake: Callable[[], None]) -> None:
        """Call `wake` when the window is closed before its time: those who wait for later must not."""
        self._at_close.append(wake)
