"""Where the load loop leaves what it measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

    def tried_again(self, sqlstates: Sequence[str]) -> None:
        """Take why the attempt whose end is taken next was tried again, each time; nothing may come between."""

    def processed(self, records: int) -> None:
        """Take what the function of the ok attempt whose end is taken next says it has processed; as above."""
