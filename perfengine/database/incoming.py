"""Foreign keys that refer to a table, as they are at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.database.quoted import quoted_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

#: A partition's own copy of a foreign key is none of its own.
_INCOMING: Final = f"""
SELECT c.conname::text AS name, {quoted_sql("n.nspname", "r.relname")} AS child,
       c.conrelid = to_regclass($1) AS is_own,
       (SELECT array_agg(quote_ident(a.attname) ORDER BY k.place)
        FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns,
       (SELECT array_agg(quote_ident(a.attname) ORDER BY k.place)
        FROM unnest(c.confkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) AS targets
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE c.contype = 'f' AND c.conparentid = 0
  AND (c.confrelid = to_regclass($1) OR c.confrelid IN (SELECT relid FROM pg_partition_tree(to_regclass($1))))
ORDER BY child, name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A foreign key that refers to the table."""

    name: str
    child: str  #: quoted
    is_own: bool  #: the table refers to itself
    columns: Sequence[str]
    targets: Sequence[str]

    def join_of(self, child: str, parent: str) -> str:
        """Return the condition under which the row of one alias refers to that of the other."""
        pairs = zip(self.columns, self.targets, strict=True)
        return " AND ".join(f"{child}.{a} = {parent}.{b}" for a, b in pairs)


async def incoming_of(connection: asyncpg.Connection, relation: str) -> list[Incoming]:
    """Return the foreign keys that refer to a table or to a partition of it."""
    return [Incoming(**dict(row)) for row in await connection.fetch(_INCOMING, relation)]
