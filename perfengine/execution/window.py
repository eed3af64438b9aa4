"""How long clients go on taking work. Mutable on purpose: it is how a run is stopped."""

from __future__ import annotations

#: Later than any clock reading.
NEVER_NS = 1 << 62


class Window:
    """Open until `end_ns`; every client looks at it once an attempt. Attempts in flight at the end are drained."""

    __slots__ = ("end_ns", "stopped")

    def __init__(self, end_ns: int = NEVER_NS) -> None:
        self.end_ns = end_ns
        self.stopped = False

    def close(self, now_ns: int) -> None:
        """Hand out no more work, from now on."""
        self.stopped = True
        self.end_ns = min(self.end_ns, now_ns)
