"""How an operation that changes rows finds them: by a key that it is handed, or by a search of its own.

`LIMIT 1` with nothing else is what many applications do, and under load all of them find the same row; `SKIP LOCKED`
is the remedy. Both searches also find rows of the data set.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.model.operation import Effect, Kind, Pick
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.entity import Entity
    from perfengine.model.operation import Operation, RowUse

#: Operations after which a row is no longer what it was for.
_USES_UP: Final = frozenset({Kind.SINGLE_TRANSITION, Kind.BULK_TRANSITION, Kind.DELETE})


def searches(pick: Pick) -> bool:
    """Return whether statements find their rows themselves."""
    return pick in {Pick.FIRST, Pick.LOCK}


def search_sql(entity: Entity, pick: Pick, rows: int, condition: str = "") -> str:
    """Return the query of up to `rows` keys, in a column called id, that statements search with."""
    table, key = quote_identifier(entity.name), quote_identifier(entity.key.name)
    where = f" WHERE {condition}" if condition else ""
    lock = " FOR UPDATE SKIP LOCKED" if pick is Pick.LOCK else ""
    return f"SELECT {key} AS id FROM {table}{where} LIMIT {rows}{lock}"


def picked(rows: RowUse, pick: Pick) -> RowUse:
    """Return the use of rows under a policy.

    Where a row may go to several attempts, or is not known beforehand, nothing can be verified by its key.
    """
    if pick is Pick.CLAIM:
        return rows
    consumed = rows.consumed and pick is not Pick.RANDOM
    return replace(rows, pick=pick, effect=Effect.NONE, consumed=consumed)


def uses_up(operation: Operation) -> bool:
    """Return whether attempts leave rows that the next ones cannot work on, or make rows."""
    rows = operation.rows
    if rows is None:
        return False
    return rows.consumed or (rows.pick is not Pick.CLAIM and operation.kind in _USES_UP)
