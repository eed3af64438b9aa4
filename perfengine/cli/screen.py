"""The live view on a terminal: a thread of the parent process draws a frame when there is news, and once a second."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final

from rich.console import Console, Group
from rich.live import Live

from perfengine.engine.events import Detail, IntervalTold, Leaving, Note
from perfengine.live.follow import Follower
from perfengine.live.page import frame
from perfengine.live.words import glyphs_for
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.engine.events import Event

#: At most four frames a second.
LEAST_BETWEEN_S: Final = 0.25
#: The clock of a frame moves on even when nothing is told; while it is measured, something is once a second.
MOST_BETWEEN_S: Final = 1.2


class Screen:
    """A watch that draws. Events may come from any thread; nothing of them is drawn in the caller's."""

    detail: ClassVar = Detail.JUDGEMENTS

    def __init__(self, console: Console, follower: Follower | None = None) -> None:
        """`follower` is one that others ask, too."""
        self._console = console
        self._glyphs = glyphs_for(console.encoding)
        self._follower = follower or Follower(time.monotonic())
        # Only a stdout that is this terminal, too, can get between the frames.
        self._live = Live(
            console=console,
            transient=True,
            auto_refresh=False,
            redirect_stdout=sys.stdout.isatty(),
            get_renderable=self._frame,
        )
        self._lock = threading.RLock()
        self._news, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._draw, name="live view", daemon=True)

    def __call__(self, event: Event) -> None:
        """Take an event: a note is printed above the frame, all else is for the next one."""
        if isinstance(
            event, IntervalTold
        ):  # of one load process: a snapshot follows when all have told theirs
            return
        with self._lock:
            if isinstance(event, Note):
                self._console.print(plain(event.text), markup=False, highlight=False, soft_wrap=True)
            elif isinstance(event, Leaving):
                self.stop()
            else:
                self._follower.take(event, time.monotonic())
        self._news.set()

    def start(self) -> None:
        """Begin to draw."""
        self._live.start()
        self._thread.start()

    def stop(self) -> None:
        """Draw no more; the frame is wiped and the cursor is back."""
        self._over.set()
        self._news.set()
        with self._lock:
            self._live.stop()

    @contextmanager
    def put_aside(self) -> Iterator[None]:
        """Show nothing for the block: somebody is asked something, who may take his time over the answer."""
        with self._lock:
            self._live.stop()
        try:
            yield
        finally:
            with self._lock:
                if not self._over.is_set():
                    self._live.start()

    def _draw(self) -> None:
        drawn_s, size = 0.0, None
        while not self._over.wait(LEAST_BETWEEN_S):
            is_due = time.monotonic() - drawn_s >= MOST_BETWEEN_S
            if not (self._news.is_set() or is_due or self._console.size != size):
                continue
            self._news.clear()
            with self._lock:
                if self._live.is_started:
                    self._live.refresh()
            drawn_s, size = time.monotonic(), self._console.size

    def _frame(self) -> Group:
        width, height = self._console.size
        return Group(*frame(self._follower.state(time.monotonic()), width, height, self._glyphs))


#: The one that draws now.
_shown: list[Screen] = []


@contextmanager
def screen(console: Console, follower: Follower | None = None) -> Iterator[Screen]:
    """Give a live view for the block; the terminal is as before after it, whatever happened."""
    shown = Screen(console, follower)
    _shown.append(shown)
    try:
        shown.start()
        yield shown
    finally:
        shown.stop()
        _shown.remove(shown)


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Keep a live view off the terminal for the block, where there is one."""
    if not _shown:
        yield
        return
    with _shown[-1].put_aside():
        yield
