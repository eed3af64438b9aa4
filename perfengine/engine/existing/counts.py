"""Rows of existing tables before a run and after it, and what the run says of itself there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.database.estimates import count_small
from perfengine.database.quoted import shown
from perfengine.model.existing_outcome import ExistingOutcome, TableBeforeAfter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfengine.database.connect import Connection

    Counts = Mapping[str, int | None]

#: What a rollback keeps from being seen.
HIDDEN_BY_ROLLBACK: Final = (
    "every attempt that writes was rolled back: COMMIT with its WAL flush, deferred constraints and visibility to "
    "others were not measured; each latency holds BEGIN and ROLLBACK, two round trips; dead rows remain"
)


async def count_tables(connection: Connection, relations: Sequence[str]) -> dict[str, int | None]:
    """Return the rows of each table, None where they are too many to be counted in a moment."""
    return {relation: await count_small(connection, relation) for relation in relations}


def before_and_after(before: Counts, after: Counts) -> tuple[TableBeforeAfter, ...]:
    """Return both, by table."""
    return tuple(
        TableBeforeAfter(relation=relation, before=count, after=after.get(relation))
        for relation, count in before.items()
    )


def outcome_lines(outcome: ExistingOutcome) -> Iterator[str]:
    """Return what a reader of the report must know of the tables, a line each."""
    if outcome.read_only:
        yield "existing tables: read only, in transactions that cannot write; no row was made"
        return
    along = f", and {outcome.taken_along} rows that referred to them" if outcome.taken_along else ""
    yield f"existing tables: {outcome.deleted} rows of perfengine were deleted by key{along}"
    yield from (_counted(table) for table in outcome.tables)
    if outcome.rolled_back:
        yield HIDDEN_BY_ROLLBACK
    for one in outcome.elsewhere:
        yield f"{one.by} also writes {shown(one.relation)}: {one.writes.shown} at a time; what is written there stays"
    yield from (_counted(table) for table in outcome.elsewhere_tables)


def _counted(table: TableBeforeAfter) -> str:
    if table.before is None or table.after is None:
        return f"{shown(table.relation)}: too large to be counted before and after"
    if table.before == table.after:
        return f"{shown(table.relation)}: {table.before} rows before and after"
    return f"{shown(table.relation)}: {table.before} rows before, {table.after} after (others may write there, too)"
