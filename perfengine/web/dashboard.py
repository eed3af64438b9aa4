"""The pages of a run while it goes on: a watch on one side, readers on the other."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final

from perfengine.engine.events import Detail, IntervalTold, Note, PhaseBegan
from perfengine.live.follow import Follower
from perfengine.model.measurement import Snapshot
from perfengine.web.answer import CARRIES_ITS_OWN, Answer, NotThere, Stream
from perfengine.web.asset_files import asset_routes, page_asset
from perfengine.web.feed import Feed
from perfengine.web.frame import gap_frame, point_frame, state_frame
from perfengine.web.readers import Readers
from perfengine.web.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perfengine.engine.events import Event
    from perfengine.web.answer import Route

#: Those who watch have so long to ask for the report when the run is over.
FAREWELL_S: Final = 5.0
#: Notes that the page shows.
MOST_NOTES: Final = 20


class Dashboard:
    """Takes the events of a run, in its own thread, and says them to whoever reads, in theirs."""

    detail: ClassVar = Detail.JUDGEMENTS

    def __init__(self, now_s: Callable[[], float] = time.monotonic, follower: Follower | None = None) -> None:
        """`now_s` is a clock that never goes back, `follower` one that others ask, too."""
        self._now_s = now_s
        self._began_s = now_s()
        self._follower = follower or Follower(self._began_s)
        self._feed, self._readers = Feed(), Readers()
        self._before: Snapshot | None = None
        self._notes: list[str] = []
        self._report: bytes | None = None
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        """Take an event. Nobody is waited for."""
        if isinstance(event, IntervalTold):
            return
        with self._lock:
            if isinstance(event, Note):
                self._notes = [*self._notes, event.text][-MOST_NOTES:]
            now_s = self._now_s()
            self._follower.take(event, now_s)
            state = self._follower.state(now_s)
            point = None
            if isinstance(event, Snapshot):
                asked = state.load.asked_per_s if state.load else None
                point = point_frame(event, self._before, asked_per_s=asked, at_s=now_s - self._began_s)
                self._before = event
            elif isinstance(event, PhaseBegan):
                self._before, point = None, gap_frame(now_s - self._began_s)
            self._feed.publish(state_frame(state, self._notes), point)

    def routes(self) -> Mapping[str, Route]:
        """Return the pages."""
        return {
            **asset_routes(),
            "/": lambda _: Answer(body=page_asset("live.html")),
            "/events": lambda _: Stream(events=self._readers.follow(self._feed)),
            "/report": self._give_report,
        }

    def _give_report(self, _: Mapping[str, str]) -> Answer:
        if self._report is None:
            raise NotThere(
                "there is no report: the run is not over, or was ended before anything was measured"
            )
        self._readers.fetched()
        return Answer(body=self._report, policy=CARRIES_ITS_OWN)

    def end(self, report: bytes | None, *, timeout_s: float = FAREWELL_S) -> None:
        """Say that the run is over, and stay until those who watch have its report; not longer than `timeout_s`."""
        self._report = report
        self._feed.end(has_report=report is not None)
        if report is not None:
            self._readers.wait_until_served(timeout_s)


@contextmanager
def dashboard(
    port: int, now_s: Callable[[], float] = time.monotonic, follower: Follower | None = None
) -> Iterator[tuple[Dashboard, str]]:
    """Serve for the block, and give what watches and where to look; 0 has a port chosen.

    Whatever ends the block, the readers are told that it is over. Raises: UsageError where the port cannot be had.
    """
    shown = Dashboard(now_s, follower)
    with serving(port, shown.routes()) as server:
        try:
            yield shown, server.address
        finally:
            shown.end(None, timeout_s=0)
