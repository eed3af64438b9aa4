"""What is said of an attempt right before its end is taken: why it was tried again, how much it has processed.

Only its end tells when it was due, and with that whether it counts at all. An ok end is an append to an array that is
looked at later, so what was said of it keeps its place in there. A bad end is looked at when it comes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class Asides:
    """Retries and records of the attempts of one operation, by the interval. Attempts without any cost nothing."""

    __slots__ = ("_again", "_processed", "records", "retried", "retries")

    def __init__(self) -> None:
        #: with each the place that an ok end will have among those that wait to be looked at
        self._again: list[tuple[int, tuple[str, ...]]] = []
        self._processed: list[tuple[int, int]] = []
        self.begin_interval()

    def begin_interval(self) -> None:
        """Start the counts of an interval over; what was said of ends that were not looked at yet stays."""
        self.retries: Counter[str] = Counter()  #: SQLSTATE to tries that were followed by another
        self.retried = 0  #: ok attempts that had any
        self.records = 0

    def tried_again(self, place: int, sqlstates: Sequence[str]) -> None:
        """Take why the attempt that ends next was tried again; an ok end will have that place."""
        self._again.append((place, tuple(sqlstates)))

    def processed(self, place: int, records: int) -> None:
        """Take what the attempt that ends next has processed; only ok ones say so."""
        self._processed.append((place, records))

    def end_badly(self, place: int, *, counts: bool) -> None:
        """Take an end that is not ok, where an ok one would have had that place; or an attempt that has no end."""
        if self._again and self._again[-1][0] == place:
            _, sqlstates = self._again.pop()
            if counts:
                self.retries.update(sqlstates)

    def end_well(self, due: NDArray[np.int64], from_ns: int) -> None:
        """Take the ok ends of all places so far, by when each was due; those before `from_ns` do not count."""
        for place, sqlstates in self._again:
            if due[place] >= from_ns:
                self.retried += 1
                self.retries.update(sqlstates)
        self.records += sum(records for place, records in self._processed if due[place] >= from_ns)
        self._again.clear()
        self._processed.clear()
