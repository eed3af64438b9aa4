"""The dashboard as an option of a run: asked for or not, the run goes the same way."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from perfengine.engine.beside import Beside
from perfengine.engine.events import Note
from perfengine.web.dashboard import Dashboard, dashboard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfengine.engine.events import Watch
    from perfengine.live.follow import Follower


class Showing:
    """What is shown of one run on the web; of a run that nobody asked it of, nothing."""

    def __init__(self, shown: Dashboard | None = None, address: str = "") -> None:
        self._shown, self.address = shown, address

    def beside(self, watch: Watch) -> Watch:
        """Return a watch that tells both; the one that was given alone where nothing is shown."""
        if self._shown is None:
            return watch
        watch(Note(text=f"web: {self.address}"))
        return Beside(watch, self._shown)

    def end(self, report: Callable[[], bytes]) -> None:
        """Show the report, for the moment that those who watch need to fetch it."""
        if self._shown is not None:
            self._shown.end(report())


@contextmanager
def showing(port: int | None, follower: Follower | None = None) -> Iterator[Showing]:
    """Show a run for the block, at a port of 127.0.0.1, 0: one that is free; None: nothing is asked for.

    Raises: UsageError where the port cannot be had, before the block.
    """
    if port is None:
        yield Showing()
        return
    with dashboard(port, follower=follower) as (shown, address):
        yield Showing(shown, address)
