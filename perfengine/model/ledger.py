"""The rows of ours on somebody else's tables: written down by number before there is any, taken out by key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """Rows of one table that are ours: `first_row` to `last_row`, whichever of them are there.

    The key of a row is a whole number, `first_key` + the number of the row, or made of a digest of
    (`seed`, `stream`, number); all of it was drawn for one run.
    """

    number: int  #: rows of a greater number may refer to those of a smaller one
    relation: str  #: schema and name of the table, quoted
    relation_oid: int  #: by which it is known when it was renamed
    key: str  #: the bare name of the column
    seed: str
    stream: str  #: empty: whole numbers
    first_key: int
    first_row: int
    last_row: int
    #: tables whose rows go with those that they refer to: the run's own operations were seen to write there
    taken_along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftRow:
    """A row of ours that could not be taken out."""

    relation: str
    key: str  #: as text
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What became of rows of ours."""

    removed: int = 0
    taken_along: int = 0  #: rows of other tables that referred to them
    left: tuple[LeftRow, ...] = ()

    def plus(self, other: Removal) -> Removal:
        """Return both together."""
        return Removal(
            removed=self.removed + other.removed,
            taken_along=self.taken_along + other.taken_along,
            left=(*self.left, *other.left),
        )
