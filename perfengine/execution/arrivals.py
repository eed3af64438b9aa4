"""What clients of an open load take: the next instant that the schedule wants, with its attempt.

The schedule is absolute: a stall moves nothing that is due later, and what is late starts as soon as a client is
free, its latency counted from when it was due. Where only so many may be in flight, what arrives beyond is dropped
and counted; that is decided when a client asks, in the order of arrival, which comes to the same as deciding at each
instant: while all clients are busy the number in flight only changes when one of them comes back.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from perfengine.execution.window import NEVER_NS
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfengine.execution.script import Item
    from perfengine.execution.window import Window
    from perfengine.ports.clock import Clock

Arrival = tuple[int, "Item"]
#: What was due in the window may still be started so long after its end; the rest is dropped.
DRAIN_NS = 5 * NS_PER_S


class Arrivals:
    """The arrivals of one round in one load process. Shared by its clients; nothing here awaits."""

    def __init__(
        self,
        due_ns: Iterator[int],
        items: Iterator[Item],
        *,
        clock: Clock,
        window: Window,
        drop: Callable[[Arrival], None],
        clients: int,
        waiting: int | None = None,
    ) -> None:
        """`due_ns` are instants of the clock; `waiting` is how many may wait for a client, None: all."""
        self._due_ns = due_ns
        self._items = items
        self._clock = clock
        self._window = window
        self._drop = drop
        self._waiting = waiting
        self._idle = clients  #: clients that have not asked yet: what is due is for them and waits for nobody
        self._queue: deque[Arrival] = deque()
        self.next_due_ns = 0  #: when the next arrival is due, whether there is an attempt left for it or not
        self._next: Arrival | None = self._draw()
        self.taken = 0  #: arrivals that were taken or dropped: the schedule goes on after them

    def _draw(self) -> Arrival | None:
        self.next_due_ns = next(self._due_ns, NEVER_NS)
        if self.next_due_ns >= NEVER_NS:
            return None
        item = next(self._items, None)
        return None if item is None else (self.next_due_ns, item)

    def take(self) -> Arrival | None:
        """Return the next arrival, which may lie in the future; None when there are no more, or the drain is over."""
        now_ns = self._clock()
        if now_ns - self._window.end_ns > DRAIN_NS:
            return None
        if self._idle:
            self._idle -= 1
        elif self._waiting is not None:
            self._admit(now_ns)
        if self._queue:
            return self._queue.popleft()
        arrival = self._next
        if arrival is None or arrival[0] >= self._window.end_ns:
            return None
        self._advance()
        return arrival

    def _advance(self) -> None:
        self._next = self._draw()
        self.taken += 1

    def _admit(self, now_ns: int) -> None:
        """Let what has arrived meanwhile wait, as far as there is room."""
        while (arrival := self._next) is not None and arrival[0] <= now_ns and self._in_window(arrival):
            if len(self._queue) < (self._waiting or 0):
                self._queue.append(arrival)
            else:
                self._drop(arrival)
            self._advance()

    def _in_window(self, arrival: Arrival) -> bool:
        return arrival[0] < self._window.end_ns

    def leave(self) -> Item | None:
        """Return the attempt that was drawn for an arrival that nobody will take."""
        arrival, self._next = self._next, None
        return arrival[1] if arrival else None

    def give_back(self) -> None:
        """Note that a client has left an arrival that lay in the future when the window was closed."""
        self.taken -= 1

    def drop_rest(self, until_ns: int) -> None:
        """Drop everything that was due before `until_ns` and that no client has taken: the drain is over."""
        while self._queue:
            self._drop(self._queue.popleft())
        while (arrival := self._next) is not None and arrival[0] < min(until_ns, self._window.end_ns):
            self._drop(arrival)
            self._advance()
