"""Rows of ours taken out of somebody else's tables: by key, in batches, and never a row that is not ours.

A row of ours that rows of others refer to stays, and is named, whatever its foreign key would do to them: deleting it
would delete or change what is not ours (ON DELETE CASCADE, SET NULL, SET DEFAULT), or be refused. It is locked while
that is looked up: a reference can come into being only with a lock on the row that it refers to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import asyncpg

from perfengine.database.failures import classify, in_full
from perfengine.database.holding import holding_of
from perfengine.database.quoted import quoted_sql, shown
from perfengine.database.transactions import transaction
from perfengine.errors import TargetError
from perfengine.model.ledger import LeftRow, Removal
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.database.holding import Holding
    from perfengine.model.ledger import LedgerEntry

#: Rows of one transaction: so short that nobody waits for its locks.
BATCH_ROWS: Final = 1_000

_QUOTED: Final = quoted_sql("n.nspname", "c.relname")

_RELATION_NOW: Final = f"""
SELECT (SELECT {_QUOTED} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = to_regclass($1)) AS by_name,
       (SELECT {_QUOTED} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = $2::oid AND c.relkind IN ('r', 'p')) AS by_oid
"""
_RELATION: Final = """
SELECT format_type(a.atttypid, a.atttypmod) AS key_type,
       has_any_column_privilege(a.attrelid, 'UPDATE') AS may_lock
FROM pg_attribute a
WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped
"""


class TableRemoval:
    """Takes rows of ours out of one table."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        entry: LedgerEntry,
        key_sql: str,
        key_type: str,
        holding: Holding,
        *,
        may_lock: bool,
    ) -> None:
        self._connection = connection
        self._entry = entry
        self.relation = entry.relation  #: quoted
        self.key = quote_identifier(entry.key)
        self.incoming = holding.incoming  #: foreign keys that refer to the table
        self._holding = holding
        self._may_lock = may_lock
        ours = f"SELECT ({key_sql})::{key_type} AS id FROM generate_series"
        #: as SQL, the keys of all rows of ours, whichever of them are there
        self.keys_sql = f"{ours}({entry.first_row}::bigint, {entry.last_row}::bigint) AS g(i)"
        self._find = (
            f"SELECT t.{self.key}::text AS key FROM {entry.relation} AS t"
            f" JOIN ({ours}($1::bigint, $2::bigint) AS g(i)) AS k ON t.{self.key} = k.id"
        )
        self._of_keys = holding.of_keys

    async def remove(self, *, wait: bool) -> Removal:
        """Take out what can be taken out; rows that others have locked are left, unless we may wait for them.

        Raises: what the driver raises of a server that is lost.
        """
        done = Removal()
        step = self._batch_rows()
        for first in range(self._entry.first_row, self._entry.last_row + 1, step):
            last = min(first + step - 1, self._entry.last_row)
            done = done.plus(await self._batch(first, last, wait=wait))
        return done

    def _batch_rows(self) -> int:
        """Rows that refer to each other go together."""
        if self._holding.is_entangled:
            return max(BATCH_ROWS, self._entry.last_row - self._entry.first_row + 1)
        return BATCH_ROWS

    async def count(self) -> int:
        """Return how many of the rows are there."""
        query = f"SELECT count(*) FROM ({self._find}) AS there"
        return int(await self._connection.fetchval(query, self._entry.first_row, self._entry.last_row))

    async def _batch(self, first: int, last: int, *, wait: bool) -> Removal:
        there = [row["key"] for row in await self._connection.fetch(self._find, first, last)]
        return await self._some(there, wait=wait) if there else Removal()

    async def _some(self, keys: list[str], *, wait: bool) -> Removal:
        """Take out rows, together or each by itself, so that one that cannot go keeps no other."""
        try:
            async with transaction(self._connection):
                return await self._together(keys, wait=wait)
        except asyncpg.PostgresError as error:
            if classify(error, writes=False).lost:
                raise
            if len(keys) == 1 or isinstance(error, asyncpg.LockNotAvailableError):
                return self._left(keys, in_full(error))
        half = len(keys) // 2
        done = await self._some(keys[:half], wait=wait)
        return done.plus(await self._some(keys[half:], wait=wait))

    async def _together(self, keys: list[str], *, wait: bool) -> Removal:
        locked = await self._lock(keys, wait=wait)
        free, held = await self._holding.free(locked)
        along = await self._holding.take_along(free)
        gone = await self._connection.fetch(
            f"DELETE FROM {self.relation} AS t WHERE {self._of_keys} RETURNING t.{self.key}::text AS key",
            free,
        )
        left = self._left(sorted(set(keys) - set(locked)), "another session has locked it")
        for why, names in held.items():
            left = left.plus(self._left(sorted(names), why))
        kept = sorted(set(free) - {row["key"] for row in gone})
        left = left.plus(self._left(kept, "the table did not let it go: a trigger or a rule keeps it"))
        return left.plus(Removal(removed=len(gone), taken_along=along))

    async def _lock(self, keys: list[str], *, wait: bool) -> list[str]:
        if not self._may_lock:
            return keys
        rows = await self._connection.fetch(
            f"SELECT t.{self.key}::text AS key FROM {self.relation} AS t WHERE {self._of_keys} "
            f"FOR UPDATE OF t{'' if wait else ' SKIP LOCKED'}",
            keys,
        )
        return [row["key"] for row in rows]

    def _left(self, keys: Sequence[str], why: str) -> Removal:
        relation = self._entry.relation
        return Removal(left=tuple(LeftRow(relation=relation, key=key, why=why) for key in keys))


async def table_removal(
    connection: asyncpg.Connection, entry: LedgerEntry, key_sql: str
) -> TableRemoval | None:
    """Return what takes the rows of an entry out; None where the table is gone, and they with it.

    `key_sql` is the key of row `i` as SQL, not yet cast. Raises: TargetError when another table is in its place, or
    the key's column is gone.
    """
    relation = await _relation_now(connection, entry)
    if relation is None:
        return None
    entry = replace(entry, relation=relation)
    known = await connection.fetchrow(_RELATION, entry.relation, entry.key)
    if known is None:
        raise TargetError(f"{shown(entry.relation)} has no column {quote_identifier(entry.key)} any more")
    holding = await holding_of(connection, entry, known["key_type"])
    return TableRemoval(connection, entry, key_sql, known["key_type"], holding, may_lock=known["may_lock"])


async def _relation_now(connection: asyncpg.Connection, entry: LedgerEntry) -> str | None:
    """Return what the table is called now. Raises: TargetError when another one has its name."""
    found = await connection.fetchrow(_RELATION_NOW, entry.relation, entry.relation_oid)
    by_name, by_oid = found["by_name"], found["by_oid"]
    if by_name and by_oid and by_name != by_oid:
        raise TargetError(
            f"{shown(entry.relation)} is another table now, and the one with rows of ours is {shown(by_oid)}: "
            "give it its name back and run `perfengine cleanup`"
        )
    name: str | None = by_name or by_oid
    return name
