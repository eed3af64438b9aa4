"""Which attempts of a round were handed out and which of them did not end well.

The load loop notes only what went wrong, by the identity of the item it was given; ok attempts, nearly all, cost
nothing.
"""

from __future__ import annotations

from itertools import cycle
from operator import length_hint
from typing import TYPE_CHECKING, Any

from perfengine.model.rows import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What a client needs to make an attempt: the number of its lane, and the arguments.
Item = tuple[int, tuple[Any, ...]]


class Script:
    """The attempts of a round in the order they are handed out, each to one client only.

    `repeat` starts over at the end, where no attempt uses anything up.
    """

    def __init__(self, items: Sequence[Item], *, repeat: bool = False) -> None:
        self._items = items
        self._repeat = repeat
        self._iterator: Iterator[Item] = cycle(items) if repeat else iter(items)
        self._not_ok: list[tuple[Item, Fate]] = []

    def __iter__(self) -> Iterator[Item]:
        """Return the one iterator that all clients share."""
        return self._iterator

    def fail(self, item: Item, *, in_doubt: bool) -> None:
        """Note an attempt that was not ok; in doubt: nobody knows whether the database did it."""
        self._note(item, Fate.IN_DOUBT if in_doubt else Fate.FAILED)

    def give_back(self, item: Item) -> None:
        """Note an attempt that was handed out and never started."""
        self._note(item, Fate.NOT_TAKEN)

    def _note(self, item: Item, fate: Fate) -> None:
        if not self._repeat:
            self._not_ok.append((item, fate))

    @property
    def taken(self) -> int:
        """How many attempts were handed out and not given back; of a repeating script the length of one turn."""
        if self._repeat:
            return len(self._items)
        given_back = sum(fate is Fate.NOT_TAKEN for _, fate in self._not_ok)
        return self._handed_out - given_back

    @property
    def _handed_out(self) -> int:
        return len(self._items) - length_hint(self._iterator)

    def fates(self) -> bytes:
        """Return the `Fate` of each item, a byte each, in the order of the items."""
        handed_out = 0 if self._repeat else self._handed_out
        fates = bytearray(handed_out * bytes([Fate.OK])) + bytes(len(self._items) - handed_out)
        if self._not_ok:
            place = {id(item): n for n, item in enumerate(self._items)}
            for item, fate in self._not_ok:
                fates[place[id(item)]] = fate
        return bytes(fates)
