"""The ledger: a table of ours on somebody else's server that says which rows there are ours, before there is any.

It stands alone in a schema with the run's name. Schema and table are marked by a comment; a ledger that belongs to
another role is never read, because what it says would be deleted in the name of whoever reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import asyncpg

from perfengine.database.objects import drop_marked_schema
from perfengine.database.sandbox import SCHEMA_PREFIX, schema_of, try_lock, unlock
from perfengine.database.transactions import transaction
from perfengine.errors import TargetError
from perfengine.model.ledger import LedgerEntry
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLE: Final = "row_ledger"

_COLUMNS: Final = """(
  number integer PRIMARY KEY,
  relation text NOT NULL,
  relation_oid oid NOT NULL,
  key text NOT NULL,
  seed text NOT NULL,
  stream text NOT NULL,
  first_key bigint NOT NULL,
  first_row bigint NOT NULL,
  last_row bigint NOT NULL,
  taken_along text[] NOT NULL
)"""
_NAMES: Final = (
    "number, relation, relation_oid, key, seed, stream, first_key, first_row, last_row, taken_along"
)

_MARKED: Final = """
SELECT substr(n.nspname, length($1) + 1) AS run_id, pg_get_userbyid(n.nspowner)::text AS owner,
       pg_get_userbyid(n.nspowner) = current_user AND coalesce(c.relowner = n.nspowner, true) AS is_own,
       c.oid IS NOT NULL AS has_table
FROM pg_namespace n
LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $3
     AND obj_description(c.oid, 'pg_class') = $2 || substr(n.nspname, length($1) + 1)
WHERE n.nspname ~ ('^' || $1 || '[0-9a-f]{8}$')
  AND obj_description(n.oid, 'pg_namespace') = $2 || substr(n.nspname, length($1) + 1)
ORDER BY n.nspname
"""


def marker_of(run_id: str) -> str:
    """Return the comment that says a schema or a table is the ledger of a run."""
    return f"perfengine ledger of run {run_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLedger:
    """A ledger of this database, its run living or not."""

    run_id: str
    owner: str
    is_own: bool  #: it belongs to the current role, schema and table
    has_table: bool  #: else nothing is known of any row


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A run's ledger, over the run's own connection. That session holds the run's lock as long as it lives."""

    connection: asyncpg.Connection
    run_id: str

    @property
    def schema(self) -> str:
        """The bare name."""
        return schema_of(self.run_id)

    @property
    def table(self) -> str:
        """The table as SQL names it."""
        return f"{quote_identifier(self.schema)}.{TABLE}"

    async def create(self) -> None:
        """Make the schema and the empty ledger, marked, in one transaction.

        Raises: TargetError when the run id is taken, or the server refuses.
        """
        if not await try_lock(self.connection, self.run_id):
            raise TargetError(f"run id {self.run_id} is in use on this server; start the run again")
        marker, schema = quote_literal(marker_of(self.run_id)), quote_identifier(self.schema)
        try:
            async with transaction(self.connection):
                for statement in (
                    f"CREATE SCHEMA {schema}",
                    f"COMMENT ON SCHEMA {schema} IS {marker}",
                    f"CREATE TABLE {self.table} {_COLUMNS}",
                    f"COMMENT ON TABLE {self.table} IS {marker}",
                ):
                    await self.connection.execute(statement)
        except asyncpg.PostgresError as error:
            raise TargetError(f"the server refused the ledger: {error.args[0]}") from error

    async def is_there(self) -> bool:
        """Return whether it was made, and not dropped."""
        return any(found.run_id == self.run_id for found in await found_ledgers(self.connection))

    async def write(self, entry: LedgerEntry) -> None:
        """Write down rows that are about to be made."""
        values = [getattr(entry, name) for name in _NAMES.split(", ")]
        places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        await self.connection.execute(f"INSERT INTO {self.table} ({_NAMES}) VALUES ({places})", *values)

    async def strike(self, number: int) -> None:
        """Take an entry out, of which no row is left."""
        await self.connection.execute(f"DELETE FROM {self.table} WHERE number = $1", number)

    async def entries(self) -> list[LedgerEntry]:
        """Return what is written, the last first: in the order in which rows can be taken out."""
        rows = await self.connection.fetch(f"SELECT {_NAMES} FROM {self.table} ORDER BY number DESC")
        return [LedgerEntry(**{**dict(row), "taken_along": tuple(row["taken_along"])}) for row in rows]

    async def drop(self) -> None:
        """Drop the ledger and its schema, and give up the lock. Raises: TargetError naming what is in the way."""
        if await self.is_there():
            await self.drop_schema()
        await unlock(self.connection, self.run_id)

    async def drop_schema(self) -> None:
        """Drop the ledger and its schema. Raises: TargetError naming what is in the way."""
        await drop_marked_schema(self.connection, self.schema, marker_of(self.run_id), "schema")


async def found_ledgers(connection: asyncpg.Connection) -> Sequence[FoundLedger]:
    """Return all ledgers of this database. One without its table has no row to speak of, and is its owner's still."""
    rows = await connection.fetch(_MARKED, SCHEMA_PREFIX, marker_of(""), TABLE)
    return [FoundLedger(**dict(row)) for row in rows]
