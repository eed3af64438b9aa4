"""What a run on existing tables has left of itself there, and what it has written elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.elsewhere import Elsewhere
    from perfengine.model.ledger import LeftRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBeforeAfter:
    """Rows of a table, those of others too, before the run and after it. None: too many to be counted."""

    relation: str  #: quoted
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingOutcome:
    """What became of existing tables."""

    tables: tuple[TableBeforeAfter, ...] = ()  #: that rows of ours were in
    deleted: int = 0  #: rows of ours, by key
    taken_along: int = (
        0  #: rows of other tables that referred to rows of ours, written by the load's own operations
    )
    left: tuple[LeftRow, ...] = ()  #: rows of ours that could not go
    elsewhere: tuple[Elsewhere, ...] = ()  #: what an attempt writes in other tables
    elsewhere_tables: tuple[TableBeforeAfter, ...] = ()
    rolled_back: bool = False
    read_only: bool = False
