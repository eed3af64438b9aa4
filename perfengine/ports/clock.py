"""The clock of the load loop: real in a run, driven by hand in a test."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Monotonic nanoseconds with an arbitrary origin; called twice an attempt."""

    def __call__(self) -> int:
        """Return the nanoseconds now."""
