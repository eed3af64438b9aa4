"""Who is looking at a run, so that its end is not before they have what it ended with."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from perfengine.web.answer import STILL_HERE, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.web.feed import Feed

#: Between two signs of life while nothing happens.
SILENCE_S = 5.0


class Readers:
    """Counts streams that are open, those that were told of the end, and reports that were asked for.

    Safe for threads.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = 0
        self._told = self._fetched = 0  #: that the run has ended, and what it ended with

    def follow(self, feed: Feed) -> Iterator[bytes]:
        """Yield what a run says, until it has ended: `news` with state and points, `ended`, and signs of life."""
        with self._changed:
            self._open += 1
        try:
            yield from self._events(feed)
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def fetched(self) -> None:
        """Note that a reader has asked for the report."""
        with self._changed:
            self._fetched += 1
            self._changed.notify_all()

    def wait_until_served(self, timeout_s: float) -> bool:
        """Return whether, by then, all who had a stream open at its end have asked for the report."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open and self._fetched >= self._told, timeout_s)

    def _events(self, feed: Feed) -> Iterator[bytes]:
        version = count = 0
        yield event("begin", None)
        while True:
            news = feed.since(version, count, timeout_s=SILENCE_S)
            if news is None:
                yield STILL_HERE
                continue
            version, count = news.version, news.count
            yield event("news", {"state": news.state, "points": news.points})
            if news.ended:
                yield event("ended", {"report": news.has_report})
                with self._changed:
                    self._told += 1
                return
