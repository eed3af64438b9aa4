"""How large existing tables are: counted where that is cheap, else by the server's own estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.rows import TableCounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    import asyncpg

    from perfengine.model.table import Table

#: Bytes up to which a table is read whole to be counted: a fraction of a second.
COUNTED_BYTES: Final = 256 * 1024 * 1024

#: What is read where the table is: itself, and all that inherit from it, partitions or not. The server's own
#: pg_partition_tree knows no table that has nothing to do with partitions.
_SIZE: Final = """
WITH RECURSIVE read AS (
  SELECT $1::regclass::oid AS oid UNION SELECT inhrelid FROM pg_inherits JOIN read ON inhparent = read.oid
)
SELECT sum(pg_relation_size(oid))::bigint AS bytes, sum(greatest(reltuples, 0))::bigint AS rows
FROM read JOIN pg_class USING (oid) WHERE relkind <> 'p'
"""

_SEQUENCE: Final = """
SELECT a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1::regclass AND a.attname = $2
"""


async def count_or_estimate(connection: asyncpg.Connection, tables: Iterable[Table]) -> TableCounts:
    """Return rows and bytes of each table, by the plan's name."""
    rows, size_bytes = {}, {}
    for table in tables:
        size = await connection.fetchrow(_SIZE, table.sql)
        counted = await count_small(connection, table.sql)
        size_bytes[table.name] = size["bytes"] or 0
        rows[table.name] = counted if counted is not None else size["rows"] or 0
    return TableCounts(rows=rows, size_bytes=size_bytes)


async def count_small(connection: asyncpg.Connection, relation: str) -> int | None:
    """Return how many rows a table has; None where it is too large to be counted in a moment."""
    if await size_bytes_of(connection, relation) > COUNTED_BYTES:
        return None
    return int(await connection.fetchval(f"SELECT count(*) FROM {relation}"))


async def size_bytes_of(connection: asyncpg.Connection, relation: str) -> int:
    """Return how many bytes the rows of a table take, those of all its partitions together; of a view 0."""
    size = await connection.fetchrow(_SIZE, relation)
    return int(size["bytes"] or 0)


async def has_sequence(connection: asyncpg.Connection, relation: str, column: str) -> bool:
    """Return whether a sequence gives the column its values where nobody says one."""
    return bool(await connection.fetchval(_SEQUENCE, relation, column))


async def oid_of(connection: asyncpg.Connection, relation: str) -> int:
    """Return the oid of a table, named as SQL names it."""
    return int(await connection.fetchval("SELECT $1::regclass::oid::bigint", relation))
