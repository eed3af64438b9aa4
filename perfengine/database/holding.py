"""What holds rows of ours in somebody else's table: rows that refer to them, whatever their foreign keys would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.database.incoming import incoming_of
from perfengine.database.quoted import shown
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import asyncpg

    from perfengine.database.incoming import Incoming
    from perfengine.model.ledger import LedgerEntry

_NEVER: Final = "false"


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
        return self._is_one("t")

    @property
    def is_entangled(self) -> bool:
        """Whether rows that go may refer to each other, or to what goes along with another: they go together."""
        going = {self.entry.relation, *self.entry.taken_along}
        further = (two for child in self.entry.taken_along for two in self.beyond[child])
        return any(one.is_own for one in self.incoming) or any(two.child in going for two in further)

    def _is_one(self, row: str) -> str:
        return f"{row}.{self.key} = ANY($1::text[]::{self.key_type}[])"

    def _goes(self, row: str, relation: str) -> str:
        """Return the condition under which a row of a table goes when the rows of `$1` go."""
        if relation == self.entry.relation:
            return self._is_one(row)
        if relation not in self.entry.taken_along:
            return _NEVER
        ways = [one.join_of(row, "p") for one in self.incoming if one.child == relation]
        refers = " OR ".join(ways) or _NEVER
        return f"EXISTS (SELECT FROM {self.entry.relation} AS p WHERE {self._is_one('p')} AND ({refers}))"

    async def free(self, keys: list[str]) -> tuple[list[str], dict[str, set[str]]]:
        """Return the keys of rows that nothing holds, and by what holds them those of the others.

        A row that stays holds those that it refers to, and these hold others: until none is added.
        """
        held: dict[str, set[str]] = {}
        looks = [*self._looks()]
        while looks:
            before = len(keys)
            for why, sql, goes in looks:
                names = set(await self._names(f"{sql} WHERE {self.of_keys} AND NOT {goes}", keys))
                if names:
                    held.setdefault(why, set()).update(names)
                    keys = [key for key in keys if key not in names]
            looks = [look for look in looks if look[2] != _NEVER] if len(keys) < before else []
        return keys, held

    def _looks(self) -> Iterator[tuple[str, str, str]]:
        """Yield what each foreign key means that may hold rows, the joins that find these, and what does not hold."""
        for one in self.incoming:
            rows, joined = f"rows of {shown(one.child)}", f"JOIN {one.child} AS c ON {one.join_of('c', 't')}"
            if one.child not in self.entry.taken_along:
                yield f"{rows} refer to it ({one.name})", joined, self._goes("c", one.child)
                continue
            for two in self.beyond[one.child]:
                why = f"rows of {shown(two.child)} refer to {rows} that refer to it ({two.name})"
                yield (
                    why,
                    f"{joined} JOIN {two.child} AS g ON {two.join_of('g', 'c')}",
                    self._goes("g", two.child),
                )

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
