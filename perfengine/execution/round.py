"""What all clients of a round share: the attempts, the window, and how the load model spaces them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Iterator

    from perfengine.execution.alarm import Alarm
    from perfengine.execution.arrivals import Arrivals
    from perfengine.execution.pool import Pool
    from perfengine.execution.script import Item, Script
    from perfengine.execution.window import Window
    from perfengine.ports.recorder import Recorder

#: From when to when a user is there, as instants of the clock.
Presence = Sequence[tuple[int, int]]


@dataclass(slots=True, kw_only=True)
class Round:
    """One round of one load process."""

    script: Script
    window: Window
    alarm: Alarm
    recorders: Sequence[Recorder]  #: one an operation
    start_delay_ns: array[int]  #: how late clients that were waiting began what was due
    arrivals: Arrivals | None = None  #: of an open load
    pool: Pool | None = None  #: of clients that share their connections
    #: of a closed load, by user number: when it is there, and the lengths of its thoughts
    present: Callable[[int], Presence] | None = None
    think_ns: Callable[[int], Sequence[int]] | None = None

    @property
    def items(self) -> Iterator[Item]:
        """The one iterator that all clients share."""
        return iter(self.script)

    def drop(self, arrival: tuple[int, Item]) -> None:
        """Count an arrival that was due and that nobody will start."""
        due_ns, item = arrival
        self.recorders[item[0] % len(self.recorders)].drop(due_ns)
        self.script.give_back(item)

    def leave(self, arrival: tuple[int, Item], now_ns: int) -> None:
        """Account for an arrival whose client is cut off while it waits for it: due by now or not."""
        if arrival[0] < min(now_ns, self.window.end_ns):
            self.drop(arrival)
            return
        self.script.give_back(arrival[1])
        if self.arrivals is not None:
            self.arrivals.give_back()

    def some(self, count: int) -> Iterable[Item]:
        """Return the next `count` attempts, shared like all."""
        return islice(self.items, count)

    def presence(self, number: int) -> Presence:
        """Return when user `number` is there; without stages all the time."""
        return ((0, self.window.end_ns),) if self.present is None else self.present(number)

    def thoughts(self, number: int) -> Iterator[int] | None:
        """Return the lengths in ns of the pauses of user `number`, without end; None for one that never thinks."""
        return None if self.think_ns is None else cycle(self.think_ns(number))
