"""What holds rows of ours in somebody else's table: rows that refer to them, whatever their foreign keys would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.database.incoming import incoming_of
from perfengine.database.quoted import shown
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import asyncpg

    from perfengine.database.incoming import Incoming
    from perfengine.model.ledger import LedgerEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The foreign keys that refer to a table, asked about rows of it by their keys as text."""

    connection: asyncpg.Connection
    entry: LedgerEntry
    key_type: str
    incoming: Sequence[Incoming]
    beyond: Mapping[
        str, Sequence[Incoming]
    ]  #: by table of which rows go along, the foreign keys that refer to it

    @property
    def key(self) -> str:
        """The column that names a row, quoted."""
        return quote_identifier(self.entry.key)

    @property
    def of_keys(self) -> str:
        """The condition under which row `t` is one of `$1`."""
        return f"t.{self.key} = ANY($1::text[]::{self.key_type}[])"

    async def free(self, keys: list[str]) -> tuple[list[str], dict[str, set[str]]]:
        """Return the keys of rows that nothing holds, and by what holds them those of the others.

        A row that stays holds those of its own table that it refers to, and these hold others: until none is added.
        """
        held: dict[str, set[str]] = {}
        looks = [*self._looks()]
        while looks:
            before = len(keys)
            for one, why, sql in looks:
                among = f" AND NOT c.{self.key} = ANY($1::text[]::{self.key_type}[])" if one.is_own else ""
                names = set(await self._names(f"{sql} WHERE {self.of_keys}{among}", keys))
                if names:
                    held.setdefault(why, set()).update(names)
                    keys = [key for key in keys if key not in names]
            looks = [look for look in looks if look[0].is_own] if len(keys) < before else []
        return keys, held

    def _looks(self) -> Iterator[tuple[Incoming, str, str]]:
        """Return each foreign key that may hold rows, what it means, and the joins that find these."""
        for one in self.incoming:
            rows, joined = f"rows of {shown(one.child)}", f"JOIN {one.child} AS c ON {one.join_of('c', 't')}"
            if one.child not in self.entry.taken_along:
                yield one, f"{rows} refer to it ({one.name})", joined
                continue
            for two in self.beyond[one.child]:
                if two.child not in {one.child, self.entry.relation, *self.entry.taken_along}:
                    why = f"rows of {shown(two.child)} refer to {rows} that refer to it ({two.name})"
                    yield one, why, f"{joined} JOIN {two.child} AS g ON {two.join_of('g', 'c')}"

    async def _names(self, joins: str, keys: list[str]) -> Sequence[str]:
        query = f"SELECT DISTINCT t.{self.key}::text AS key FROM {self.entry.relation} AS t {joins}"
        return [row["key"] for row in await self.connection.fetch(query, keys)]

    async def take_along(self, keys: list[str]) -> int:
        """Delete what refers to rows and goes with them; return how many rows that were."""
        along = 0
        for one in self.incoming:
            if one.child in self.entry.taken_along:
                done = await self.connection.execute(
                    f"DELETE FROM {one.child} AS c USING {self.entry.relation} AS t "
                    f"WHERE {one.join_of('c', 't')} AND {self.of_keys}",
                    keys,
                )
                along += int(done.split()[-1])
        return along


async def holding_of(connection: asyncpg.Connection, entry: LedgerEntry, key_type: str) -> Holding:
    """Return what holds the rows of an entry, as foreign keys are at this moment."""
    return Holding(
        connection=connection,
        entry=entry,
        key_type=key_type,
        incoming=await incoming_of(connection, entry.relation),
        beyond={child: await incoming_of(connection, child) for child in entry.taken_along},
    )
