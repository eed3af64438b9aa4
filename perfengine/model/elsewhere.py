"""What a load writes in other tables than those it works on: by triggers, cascades, functions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """Rows of one table that were written."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def minus(self, other: Writes) -> Writes:
        """Return what came on top of the other."""
        return Writes(
            inserted=self.inserted - other.inserted,
            updated=self.updated - other.updated,
            deleted=self.deleted - other.deleted,
        )

    def plus(self, other: Writes) -> Writes:
        """Return both together."""
        return Writes(
            inserted=self.inserted + other.inserted,
            updated=self.updated + other.updated,
            deleted=self.deleted + other.deleted,
        )

    @property
    def any(self) -> bool:
        """Whether anything was written."""
        return bool(self.inserted or self.updated or self.deleted)

    @property
    def shown(self) -> str:
        """As messages have it: `2 rows inserted, 1 updated`."""
        parts = [(self.inserted, "inserted"), (self.updated, "updated"), (self.deleted, "deleted")]
        first, *others = [(number, word) for number, word in parts if number] or [(0, "written")]
        row = "row" if first[0] == 1 else "rows"
        return ", ".join([f"{first[0]} {row} {first[1]}", *(f"{number} {word}" for number, word in others)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What an attempt of an operation, or rows of ours made and deleted, write in a table that is none of theirs."""

    relation: str  #: schema and name, quoted
    by: str  #: the operation; or the table, of which rows are made and deleted
    writes: Writes
