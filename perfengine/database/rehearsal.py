"""A rehearsal: something done in a transaction that is rolled back, to see which tables it writes.

The server counts, by table, what the current transaction has written, triggers, cascades and functions included.
Source: PostgreSQL documentation, "The Cumulative Statistics System", pg_stat_xact_user_tables.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.database.quoted import quoted_sql
from perfengine.database.transactions import rolled_back
from perfengine.model.elsewhere import Writes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    import asyncpg

#: Partitions count as their table. What sessions of before have counted and not yet told is in there too.
_WRITTEN: Final = f"""
SELECT {quoted_sql("n.nspname", "c.relname")} AS relation,
       sum(s.n_tup_ins)::bigint AS inserted, sum(s.n_tup_upd)::bigint AS updated, sum(s.n_tup_del)::bigint AS deleted
FROM pg_stat_xact_user_tables s
JOIN pg_class c ON c.oid = coalesce(pg_partition_root(s.relid), s.relid)
JOIN pg_namespace n ON n.oid = c.relnamespace
GROUP BY 1 HAVING sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del) > 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A transaction under way that will be rolled back."""

    connection: asyncpg.Connection

    async def written(self) -> Mapping[str, Writes]:
        """Return what was written so far, by table as SQL names it."""
        return {
            row["relation"]: Writes(inserted=row["inserted"], updated=row["updated"], deleted=row["deleted"])
            for row in await self.connection.fetch(_WRITTEN)
        }


@asynccontextmanager
async def rehearsal(connection: asyncpg.Connection) -> AsyncIterator[Rehearsal]:
    """Give a transaction for the block, and roll it back after it, whatever happened."""
    async with rolled_back(connection):
        yield Rehearsal(connection=connection)


async def counts_writes(connection: asyncpg.Connection) -> bool:
    """Return whether the server counts what sessions write (track_counts)."""
    return bool(await connection.fetchval("SELECT current_setting('track_counts')::bool"))
