"""What became of rows of ours on existing tables, in lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from perfengine.database.quoted import shown
from perfengine.model.mistake import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.ledger import LeftRow, Removal

#: Rows that are named of those that stay for one reason; the others are counted.
NAMED_ROWS: Final = 10


def removal_lines(removal: Removal, schema: str, *, dry_run: bool = False) -> Iterator[str]:
    """Return how many rows went, and those that stay with their reason, a line each."""
    verb = "would delete" if dry_run else "deleted"
    yield f"{verb} {removal.removed} rows of perfengine by key (ledger {schema})"
    if removal.taken_along:
        yield f"deleted {removal.taken_along} rows of other tables that referred to them"
    yield from left_lines(removal.left)
    if removal.left:
        yield f"left schema {schema}: it says which rows they are; `perfengine cleanup` deletes them when they can go"


def left_lines(left: tuple[LeftRow, ...]) -> Iterator[str]:
    """Return rows that could not be taken out, so many of each table and reason by their key."""
    kinds = Counter((row.relation, row.why) for row in left)
    for (relation, why), count in kinds.items():
        keys = [row.key for row in left if (row.relation, row.why) == (relation, why)][:NAMED_ROWS]
        more = f" and {count - len(keys)} more" if count > len(keys) else ""
        yield f"left {count} rows in {shown(relation)}: {', '.join(map(printable, keys))}{more}: {printable(why)}"
