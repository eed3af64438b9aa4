"""Where the load loop leaves what it measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.outcome import Failure


class Recorder(Protocol):
    """Takes integers: the instants of an ok attempt in ns, each through a callable that is bound once.

    An attempt always leaves `started` and `done`. It leaves `due` where a schedule said when that was, and `acquired`
    where it had to take turns for a connection; else both are its start. All attempts of a phase do alike.
    """

    @property
    def keep_due(self) -> Callable[[int], None]:
        """Take the instant the schedule wanted it."""

    @property
    def keep_started(self) -> Callable[[int], None]:
        """Take the instant a client began it."""

    @property
    def keep_acquired(self) -> Callable[[int], None]:
        """Take the instant it had a connection."""

    @property
    def keep_done(self) -> Callable[[int], None]:
        """Take the instant its reply was in; called last."""

    def fail(self, failure: Failure, due_ns: int, done_ns: int) -> None:
        """Take an attempt that was not ok."""

    def drop(self, due_ns: int) -> None:
        """Take an attempt that was due and never started."""

    def unfinished(self, due_ns: int) -> None:
        """Take an attempt that was cut off before it ended."""

    def retry(self, sqlstate: str) -> None:
        """Take a try that is followed by another, and why."""

    def retried(self) -> None:
        """Take that an attempt succeeded after a try that did not."""

    def processed(self, records: int) -> None:
        """Take what a function says it has processed."""
