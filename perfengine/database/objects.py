"""What stands in a schema: found by the catalog, and dropped without ever saying CASCADE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from perfengine.database.transactions import transaction
from perfengine.errors import TargetError
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Everything that stands by itself: no index, no row type, no sequence of a serial or identity column, nothing that
#: belongs to a type or to an extension.
_OBJECTS = """
SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                      WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS kind,
       format('%I.%I', n.nspname, c.relname) AS name,
       CASE WHEN c.relkind = 'c' THEN obj_description(c.reltype, 'pg_type')
            ELSE obj_description(c.oid, 'pg_class') END AS marker
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                  AND d.refobjid <> c.oid  -- as a partitioned table does of its own key
                  AND (d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') OR d.deptype = 'e'))
UNION ALL
SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END,
       p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = $1
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                  AND d.deptype IN ('i', 'e'))
UNION ALL
SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format('%I.%I', n.nspname, t.typname),
       obj_description(t.oid, 'pg_type')
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = $1 AND t.typtype IN ('e', 'd', 'r')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid
                  AND d.deptype = 'e')
"""

#: What depends on others more often than they on it, first.
_DEPENDANTS_FIRST = ("VIEW", "MATERIALIZED VIEW", "FUNCTION", "PROCEDURE", "AGGREGATE", "TABLE")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaObject:
    """An object of a schema."""

    kind: str  #: as DROP and COMMENT ON spell it
    name: str  #: quoted
    marker: str | None  #: its comment


async def objects_of(connection: asyncpg.Connection, schema: str) -> list[SchemaObject]:
    """Return everything that stands in a schema by itself."""
    return [SchemaObject(**dict(row)) for row in await connection.fetch(_OBJECTS, schema)]


async def drop_objects(connection: asyncpg.Connection, objects: Iterable[SchemaObject]) -> None:
    """Drop objects that may depend on each other, inside of a transaction.

    Raises: asyncpg.DependentObjectsStillExistError for what somebody else's object depends on.
    """
    left = _by_kind(objects)
    while left:
        kept = {kind: await _kept(connection, kind, names) for kind, names in left.items()}
        kept = {kind: names for kind, names in kept.items() if names}
        if kept == left:
            kind, names = next(iter(kept.items()))
            await _drop(connection, kind, names)  # says what is in the way
        left = kept


async def drop_marked_schema(
    connection: asyncpg.Connection, schema: str, marker: str, what: str = "sandbox schema"
) -> None:
    """Drop the objects of a schema that bear the marker, and the schema, in one transaction.

    Raises: TargetError with what the server says is in the way; then nothing was dropped.
    """
    try:
        async with transaction(connection):
            found = await objects_of(connection, schema)
            await drop_objects(connection, [one for one in found if one.marker == marker])
            await connection.execute(f"DROP SCHEMA {quote_identifier(schema)}")
    except asyncpg.PostgresError as error:
        detail = getattr(error, "detail", None)
        raise TargetError(
            f'{what} "{schema}" was not dropped: {error.args[0]}{f" ({detail})" if detail else ""}; '
            "remove what is not perfengine's from it and run `perfengine cleanup`"
        ) from error


def _by_kind(objects: Iterable[SchemaObject]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {kind: [] for kind in _DEPENDANTS_FIRST}
    for one in objects:
        names.setdefault(one.kind, []).append(one.name)
    return {kind: some for kind, some in names.items() if some}


async def _kept(connection: asyncpg.Connection, kind: str, names: Sequence[str]) -> list[str]:
    """Drop objects of a kind, together or whichever of them the server lets go; return those that are still there."""
    if await _is_dropped(connection, kind, names):
        return []
    return [name for name in names if not await _is_dropped(connection, kind, [name])]


async def _is_dropped(connection: asyncpg.Connection, kind: str, names: Sequence[str]) -> bool:
    try:
        async with transaction(connection):
            await _drop(connection, kind, names)
    except asyncpg.DependentObjectsStillExistError:
        return False
    return True


async def _drop(connection: asyncpg.Connection, kind: str, names: Sequence[str]) -> None:
    await connection.execute(f"DROP {kind} {', '.join(names)}")
