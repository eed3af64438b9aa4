"""The time that pairs may take, and what counts as taken of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING

from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class TimeBudget:
    """The time for the pairs of all units, of which each has its share; confirming a change comes on top. Mutable."""

    def __init__(self, budget_ns: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin now. `budget_ns` None: there is no end; `clock` gives seconds and never goes back."""
        self._budget_s = inf if budget_ns is None else budget_ns / NS_PER_S
        self._clock = clock
        self._began_s = clock()
        self._on_top_s = 0.0
        self._until_s = inf

    def begin_unit(self, left: int) -> None:
        """Give the unit that begins its share of what is left: as much as each of `left` units, it among them."""
        spent_s = self._spent_s()
        self._until_s = spent_s + (self._budget_s - spent_s) / left

    @property
    def is_over(self) -> bool:
        """Whether the unit has used up its share."""
        return self._spent_s() > self._until_s

    @contextmanager
    def on_top(self) -> Iterator[None]:
        """Take the time of the block from nobody's share."""
        began_s = self._clock()
        try:
            yield
        finally:
            self._on_top_s += self._clock() - began_s

    def _spent_s(self) -> float:
        return self._clock() - self._began_s - self._on_top_s
