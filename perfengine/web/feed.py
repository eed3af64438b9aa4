"""What a run has said lately, for readers who come and go.

One writer, the run, which never waits; any number of readers, each at its own pace. Nothing is queued for a reader:
it asks for what came since it last asked, gets the latest state and the points that it has not seen, and has lost
points only if it slept through `MOST_POINTS` of them.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Plain = Mapping[str, object]

#: Of a chart: ten minutes, one a second. The report has all of them.
MOST_POINTS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a reader did not know yet."""

    state: Plain  #: the latest
    points: tuple[Plain, ...]
    count: int  #: of points so far, to ask for the next ones by
    version: int  #: of the state, to ask for the next one by
    ended: bool
    has_report: bool = False  #: of a run that has ended


class Feed:
    """The latest state of a run, and its last points. Safe for threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._state: Plain = {}
        self._points: deque[Plain] = deque(maxlen=MOST_POINTS)
        self._count = self._version = 0
        self._ended = self._has_report = False

    def publish(self, state: Plain, point: Plain | None = None) -> None:
        """Say how things stand now; `point` adds to the charts. Neither may be changed afterwards."""
        with self._changed:
            self._state = state
            self._version += 1
            if point is not None:
                self._points.append(point)
                self._count += 1
            self._changed.notify_all()

    def end(self, *, has_report: bool = False) -> None:
        """Say that nothing more will come; what was said first holds."""
        with self._changed:
            if not self._ended:
                self._ended, self._has_report = True, has_report
                self._version += 1
            self._changed.notify_all()

    def since(self, version: int, count: int, *, timeout_s: float) -> News | None:
        """Return what came after this version and so many points; None when nothing did for so long."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._version > version, timeout_s):
                return None
            fresh = min(self._count - count, len(self._points))
            points = tuple(self._points)[len(self._points) - fresh :]
            return News(
                state=self._state,
                points=points,
                count=self._count,
                version=self._version,
                ended=self._ended,
                has_report=self._has_report,
            )
