"""From counters to what happened between two readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.serverview.columns import COLUMNS, Kind
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.serverview.columns import Column
    from perfengine.serverview.reading import Reading, Source


class Changes:
    """Remembers where each counter stood when it was last read."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._columns = tuple(column for column in COLUMNS if column.source in sources)
        self._last: dict[str, tuple[float, int]] = {}

    def since_last(self, reading: Reading) -> dict[str, float | None]:
        """Return the columns of this reading.

        None where nothing was read, where nothing was read before, and where a counter went backwards because
        somebody reset it. After a gap the growth is over the whole gap.
        """
        return {column.name: self._value(column, reading) for column in self._columns}

    def _value(self, column: Column, reading: Reading) -> float | None:
        value = None if column.source in reading.reasons else reading.values.get(column.read)
        if value is None or column.kind is Kind.GAUGE:
            return value
        before, self._last[column.read] = self._last.get(column.read), (value, reading.at_ns)
        if before is None or value < before[0] or reading.at_ns <= before[1]:
            return None
        growth = value - before[0]
        return growth if column.kind is Kind.GROWTH else growth * NS_PER_S / (reading.at_ns - before[1])
