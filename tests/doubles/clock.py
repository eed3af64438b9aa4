"""A clock that a test moves by hand."""

from __future__ import annotations


class FakeClock:
    """Nanoseconds that pass only when somebody says so; `perfengine.ports.clock.Clock`."""

    def __init__(self, now_ns: int = 1_000_000_000) -> None:
        self.now_ns = now_ns
        self.readings = 0

    def __call__(self) -> int:
        """Return the nanoseconds now."""
        self.readings += 1
        return self.now_ns

    def advance(self, duration_ns: int) -> None:
        """Let time pass."""
        self.now_ns += duration_ns
