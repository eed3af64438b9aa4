"""Which attempts of a phase were handed out and which of them did not end well.

The load loop notes only what went wrong, by the identity of the arguments it was given; ok attempts, nearly all,
cost nothing.
"""

from __future__ import annotations

from itertools import cycle
from operator import length_hint
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Script:
    """The arguments of a phase in the order they are handed out, each to one client only.

    `repeat` starts over at the end, for operations whose rows are not used up.
    """

    def __init__(self, arguments: Sequence[tuple[Any, ...]], *, repeat: bool = False) -> None:
        self._arguments = arguments
        self._repeat = repeat
        self._iterator: Iterator[tuple[Any, ...]] = cycle(arguments) if repeat else iter(arguments)
        self._failed: list[tuple[Any, ...]] = []
        self._in_doubt: list[tuple[Any, ...]] = []

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Return the one iterator that all clients share."""
        return self._iterator

    def fail(self, arguments: tuple[Any, ...], *, in_doubt: bool) -> None:
        """Note an attempt that was not ok; in doubt: nobody knows whether the database did it."""
        if not self._repeat:
            (self._in_doubt if in_doubt else self._failed).append(arguments)

    @property
    def taken(self) -> int:
        """How many attempts were handed out; for a repeating script the length of one turn."""
        if self._repeat:
            return len(self._arguments)
        return len(self._arguments) - length_hint(self._iterator)

    def positions(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the numbers of the failed attempts and of those in doubt, counted from 0."""
        if not self._failed and not self._in_doubt:
            return (), ()
        number = {id(arguments): n for n, arguments in enumerate(self._arguments)}
        return (
            tuple(sorted(number[id(a)] for a in self._failed)),
            tuple(sorted(number[id(a)] for a in self._in_doubt)),
        )
