"""How rows of a table are made and named on the server: SQL that datagen wrote and the database runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.operation import Effect
    from perfengine.model.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStatements:
    """The SQL of one table's rows."""

    table: Table
    insert_sql: (
        str  #: $1 first index, $2 last index, $3 anchor instant, $4 index where the turn of states begins
    )
    key_sql: str  #: the key of row `i`, an expression over a bigint named i


class Fate(IntEnum):
    """What became of an attempt that had rows of its own."""

    NOT_TAKEN = 0
    OK = 1
    FAILED = 2
    IN_DOUBT = 3  #: nobody saw its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Which rows of an operation a round handed out, and what became of the attempts that got them.

    Attempt n got rows `first_row + n * per_attempt` .. `+ per_attempt - 1`; byte n of `fates` is its `Fate`.
    """

    first_row: int
    per_attempt: int
    fates: bytes

    @property
    def last_row(self) -> int:
        """The last row of the whole range, handed out or not."""
        return self.first_row + len(self.fates) * self.per_attempt - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectCheck:
    """What the rows of ok attempts must look like."""

    effect: Effect
    state_column: str | None = None
    target_state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCounts:
    """Rows and bytes of each table at one moment."""

    rows: Mapping[str, int]
    size_bytes: Mapping[str, int]
