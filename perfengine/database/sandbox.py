"""The sandbox: a schema of our own, marked, locked while its run lives, and dropped without touching anything else.

The marker is a comment on the schema and on every object in it. Dropping names each marked object and never says
CASCADE: what somebody else put into the schema, or built upon it, stops the drop and is reported instead.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from perfengine.database.connect import application_of
from perfengine.database.objects import drop_marked_schema, objects_of
from perfengine.database.transactions import transaction
from perfengine.errors import TargetError
from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.model.table import Function, Table

SCHEMA_PREFIX = "perfengine_"
#: First key of the advisory lock of a run: "perf" in ASCII. The second key is the run id.
_LOCK_CLASS = 0x70657266

_MARKED_SCHEMAS = """
SELECT nspname::text AS schema, substr(nspname, length($1) + 1) AS run_id
FROM pg_namespace
WHERE nspname ~ ('^' || $1 || '[0-9a-f]{8}$')
  AND obj_description(oid, 'pg_namespace') = $2 || substr(nspname, length($1) + 1)
ORDER BY nspname
"""

#: Sessions of a run whose load process is gone may still be at work on its last statements. Only those that touch the
#: sandbox: a pooler's session keeps our name when it is handed to a client that says none.
_END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE (application_name = $1 OR starts_with(application_name, $1 || '/'))
  AND datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
  AND pid IN (SELECT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
              JOIN pg_database d ON d.oid = l.database
              WHERE c.relnamespace = to_regnamespace($2) AND d.datname = current_database())
"""

#: pg_catalog stands before every search path. $1 names, $2 the schema, both quoted.
_HIDDEN_TABLES = """
SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS DISTINCT FROM to_regclass($2 || '.' || name)
"""
_HIDDEN_FUNCTIONS = """
SELECT name FROM unnest($1::text[]) AS name
WHERE to_regprocedure(name) IS DISTINCT FROM to_regprocedure($2 || '.' || name)
"""


def new_run_id() -> str:
    """Return a fresh run id: eight hex digits."""
    return secrets.token_hex(4)


def schema_of(run_id: str) -> str:
    """Return the bare name of a run's sandbox schema."""
    return SCHEMA_PREFIX + run_id


def marker_of(run_id: str) -> str:
    """Return the comment that says an object is ours."""
    return f"perfengine sandbox of run {run_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A run's schema, over the run's own connection. That session holds the run's lock as long as it lives."""

    connection: asyncpg.Connection
    run_id: str

    @property
    def schema(self) -> str:
        """The bare name."""
        return schema_of(self.run_id)

    async def create(self, tables: Sequence[Table]) -> None:
        """Make the schema and bare tables, marked, in one transaction.

        Raises: TargetError when the run id is taken, or the server refuses a table or has one of that name.
        """
        if not await try_lock(self.connection, self.run_id):
            raise TargetError(f"run id {self.run_id} is in use on this server; start the run again")
        marker = quote_literal(marker_of(self.run_id))
        schema = quote_identifier(self.schema)
        statements = [f"CREATE SCHEMA {schema}", f"COMMENT ON SCHEMA {schema} IS {marker}"]
        names = [quote_identifier(table.name) for table in tables]
        for table, name in zip(tables, names, strict=True):
            statements += [create_table_ddl(table), f"COMMENT ON TABLE {schema}.{name} IS {marker}"]
        await self._apply(statements, _HIDDEN_TABLES, names)

    async def add_constraints(self, tables: Sequence[Table]) -> None:
        """Add keys, references and checks: after filling, because checking in bulk is many times faster.

        Raises: TargetError when a row violates one.
        """
        await self._apply((ddl for table in tables for ddl in constraints_ddl(table)), _HIDDEN_TABLES, ())

    async def add_functions(self, functions: Iterable[Function]) -> None:
        """Add the transition functions, marked.

        Raises: TargetError when one is refused, or is hidden by a function of pg_catalog.
        """
        marker = quote_literal(marker_of(self.run_id))
        schema, statements, signatures = quote_identifier(self.schema), [], []
        for function in functions:
            signature = f"{quote_identifier(function.name)}({function.arguments})"
            statements += [function.ddl, f"COMMENT ON FUNCTION {schema}.{signature} IS {marker}"]
            signatures.append(signature)
        await self._apply(statements, _HIDDEN_FUNCTIONS, signatures)

    async def _apply(self, statements: Iterable[str], hidden: str, names: Sequence[str]) -> None:
        """Run the statements in one transaction; the names they made must lead to what they made."""
        try:
            async with transaction(self.connection):
                for statement in statements:
                    await self.connection.execute(statement)
                for row in await self.connection.fetch(hidden, names, quote_identifier(self.schema)):
                    raise TargetError(
                        f"pg_catalog has {row['name']} too, and it comes first: choose another name"
                    )
        except asyncpg.PostgresError as error:
            raise TargetError(f"the server refused a part of the sandbox: {error.args[0]}") from error

    async def adopt(self) -> None:
        """Mark what the workload's own set-up has made in the schema: it goes with the sandbox.

        The schema is ours, and so is the session that ran the set-up. Raises: TargetError when the server refuses.
        """
        marker = quote_literal(marker_of(self.run_id))
        made = [one for one in await objects_of(self.connection, self.schema) if one.marker is None]
        await self._apply(
            [f"COMMENT ON {one.kind} {one.name} IS {marker}" for one in made], _HIDDEN_TABLES, ()
        )

    async def drop(self) -> None:
        """Drop the sandbox, if it was made, and give up the lock. Raises: TargetError naming what is in the way."""
        if self.run_id in await marked_runs(self.connection):
            await drop_schema(self.connection, self.run_id)
        await unlock(self.connection, self.run_id)


def _lock_key(run_id: str) -> int:
    """Return the run id as the signed 32-bit integer that the two-key advisory lock takes."""
    value = int(run_id, 16)
    return value - (1 << 32) if value >= 1 << 31 else value


async def try_lock(connection: asyncpg.Connection, run_id: str) -> bool:
    """Return whether this session now holds the run's lock."""
    return bool(
        await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", _LOCK_CLASS, _lock_key(run_id))
    )


async def unlock(connection: asyncpg.Connection, run_id: str) -> None:
    """Give the run's lock back."""
    await connection.fetchval("SELECT pg_advisory_unlock($1, $2)", _LOCK_CLASS, _lock_key(run_id))


async def marked_runs(connection: asyncpg.Connection) -> list[str]:
    """Return the run ids of all sandboxes of this database, living or not."""
    rows = await connection.fetch(_MARKED_SCHEMAS, SCHEMA_PREFIX, marker_of(""))
    return [row["run_id"] for row in rows]


async def drop_schema(connection: asyncpg.Connection, run_id: str) -> None:
    """End what is left of the run's sessions; drop its marked objects and its schema, in one transaction.

    Never with CASCADE.

    Raises: TargetError with what the server says is in the way; then nothing was dropped.
    """
    schema = schema_of(run_id)
    await connection.fetch(_END_SESSIONS, application_of(run_id), schema)
    await drop_marked_schema(connection, schema, marker_of(run_id))
