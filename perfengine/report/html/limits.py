"""How much is drawn, so that the page of a long run with many operations can still be mailed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Operations with charts; the others stand in the table.
MOST_OPERATIONS: Final = 50
_POINTS: Final = 6000  #: of all charts of one sort together
_ROWS: Final = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """The most of each, for a page with so many operations."""

    points: int  #: of a line
    rows: int  #: of a table
    slots: int  #: of a heat map


def most_for(operations: int) -> Most:
    """Return the limits of a page with so many operations that are drawn."""
    each = max(min(operations, MOST_OPERATIONS), 1)
    return Most(
        points=min(max(_POINTS // each, 120), 1200),
        rows=min(max(_ROWS // each, 24), 300),
        slots=min(max(_POINTS // 2 // each, 60), 300),
    )
