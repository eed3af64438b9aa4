"""Where the load loop leaves what it measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.outcome import Failure


class Recorder(Protocol):
    """Takes integers. The two `keep_` callables are bound once and called for every ok attempt."""

    @property
    def keep_started(self) -> Callable[[int], None]:
        """Take the instant an ok attempt started, in ns; called just before `keep_ended`."""

    @property
    def keep_ended(self) -> Callable[[int], None]:
        """Take the instant it ended, in ns."""

    def fail(self, failure: Failure, started_ns: int, ended_ns: int) -> None:
        """Take an attempt that was not ok."""

    def unfinished(self) -> None:
        """Take an attempt that was cut off before it ended."""
