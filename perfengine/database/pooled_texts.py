"""Through a pooler in transaction mode: sessions are everybody's, so a statement brings along what its names mean.

The sandbox's schema is written before every name of it. That nothing is left in a text which somebody else's search
path would decide, the server says itself: before its first use the text is parsed with an empty one. What the server
does not look into before it runs, CREATE, TRUNCATE and the like, runs with the sandbox as the search path of its
transaction.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import asyncpg

from perfengine.database.transactions import between
from perfengine.errors import TargetError
from perfengine.model.qualify import qualify
from perfengine.model.sql import quote_identifier
from perfengine.model.statement_kinds import first_words, selects_into

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from perfengine.database.address import Address

#: More texts than that are no statements but values written into SQL: the rest is looked at each time.
MAX_TEXTS: Final = 1_000
#: Statements whose names the server looks up when it parses them.
_ANALYSED: Final = frozenset(
    {"call", "delete", "explain", "insert", "merge", "select", "table", "update", "values", "with"}
)
_LOOK: Final = "perfengine_look"

_NAMES: Final = """
SELECT true AS is_table, relname::text AS name FROM pg_class
WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p', 'v', 'm', 'f')
UNION SELECT false, proname::text FROM pg_proc WHERE pronamespace = to_regnamespace($1)
"""
_UNBOUND: Final = """
SELECT p.oid::regprocedure::text AS name FROM pg_proc p
WHERE p.pronamespace = to_regnamespace($1) AND p.prokind <> 'a'
  AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s LIKE 'search\\_path=%')
"""


async def bind_functions(connection: asyncpg.Connection, schema: str) -> None:
    """Make every function of the schema bring the search path along that pooled sessions lack.

    The session's own search path is the schema. Raises: what the driver raises.
    """
    for row in await connection.fetch(_UNBOUND, schema):
        await connection.execute(f"ALTER ROUTINE {row['name']} SET search_path = {quote_identifier(schema)}")


def is_unread(sql: str) -> bool:
    """Return whether the server looks its names up only when it runs it."""
    return not _ANALYSED.issuperset(first_words(sql)) or selects_into(sql)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Of the sandbox, as SQL quotes them."""

    tables: frozenset[str]
    functions: frozenset[str]


@dataclass(slots=True, kw_only=True)
class PooledTexts:
    """What the statements of a load process become, by their text; kept for all its sessions."""

    schema: str  #: of the sandbox, bare
    _texts: dict[str, str | None] = field(default_factory=dict)
    _names: _Names | None = None

    @property
    def search_path(self) -> str:
        """The statement that makes the sandbox the search path until the transaction ends."""
        return f"SET LOCAL search_path = {quote_identifier(self.schema)}"

    async def require_sandbox(self, connection: asyncpg.Connection, address: Address) -> None:
        """Learn the names of the sandbox. Raises: TargetError where there is none."""
        if self._names is not None:
            return
        if not await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", self.schema):
            raise TargetError(
                f"{address.shown}: the sandbox is not there; --direct-dsn must name the server and the database "
                "that this pooler leads to"
            )
        self._names = await self._read_names(connection)

    async def of(self, connection: asyncpg.Connection, sql: str) -> str | None:
        """Return the text to send; None for one that must run under `search_path`.

        Raises: what the server says of a name that is not the sandbox's.
        """
        if sql in self._texts:
            return self._texts[sql]
        text = None if is_unread(sql) else await self._find(connection, sql)
        if len(self._texts) < MAX_TEXTS:
            self._texts[sql] = text
        return text

    async def _find(self, connection: asyncpg.Connection, sql: str) -> str:
        if self._names is not None:
            try:
                return await self._checked(connection, sql, self._names)
            except (asyncpg.UndefinedTableError, asyncpg.UndefinedFunctionError):
                pass  # an operation may have made it meanwhile
        self._names = await self._read_names(connection)
        return await self._checked(connection, sql, self._names)

    async def _read_names(self, connection: asyncpg.Connection) -> _Names:
        rows = await connection.fetch(_NAMES, self.schema)
        return _Names(
            tables=frozenset(quote_identifier(row["name"]) for row in rows if row["is_table"]),
            functions=frozenset(quote_identifier(row["name"]) for row in rows if not row["is_table"]),
        )

    async def _checked(self, connection: asyncpg.Connection, sql: str, names: _Names) -> str:
        """Return the text that leaves nothing for a search path to find. Raises: what the server says of the rest."""
        text = qualify(sql, quote_identifier(self.schema), names.tables, names.functions)
        async with _without_search_path(connection):
            await connection.prepare(text, name="")
        return text


@asynccontextmanager
async def _without_search_path(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Have an empty search path for the block, whoever began a transaction before, and undo all that it did."""
    nested = connection.is_in_transaction()
    begin = f"SAVEPOINT {_LOOK}" if nested else "BEGIN"
    end = f"ROLLBACK TO {_LOOK}; RELEASE {_LOOK}" if nested else "ROLLBACK"
    async with between(connection, f"{begin}; SET LOCAL search_path = ''", end):
        yield
