"""Which table on the server is an entity's: by its name, as a plain table (`order`) or a trinity one (`tb_order`)."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.entity import Entity
    from perfengine.model.existing import ExistingSchema, ExistingTable

TRINITY: Final = "tb_"
#: Names that are shown where none fits.
_MAX_SHOWN: Final = 8


def find_table(entity: Entity, schema: ExistingSchema) -> ExistingTable | str:
    """Return the entity's table, or why there is none that could be meant."""
    where = _schemas(entity, schema)
    names = tuple(dict.fromkeys(_names(entity.name)))
    if where is not None:
        return _nearest(names, where, schema) or _missing(entity, names, where, schema)
    found = _nearest(names, schema.search_path, schema)
    if found is not None:
        return found
    named = [table for table in schema.tables if table.place.name in names]
    elsewhere = [table for table in named if table.kind.holds_rows] or named
    if len(elsewhere) == 1:
        return elsewhere[0]
    if elsewhere:
        places = ", ".join(table.place.shown for table in elsewhere)
        return f"several tables could be meant: {places}; say which with --schema"
    return _missing(entity, names, schema.search_path, schema)


def _schemas(entity: Entity, schema: ExistingSchema) -> tuple[str, ...] | None:
    """Return the schemas that were asked for; None: wherever the role looks."""
    asked = schema.asked_schema or entity.schema
    return (asked,) if asked is not None else None


def _nearest(names: Sequence[str], schemas: Sequence[str], schema: ExistingSchema) -> ExistingTable | None:
    """Return the first by name, then by schema; a table before a view, which holds no rows."""
    by_place = {(table.place.schema, table.place.name): table for table in schema.tables}
    found = [by_place[where, name] for name in names for where in schemas if (where, name) in by_place]
    return next((table for table in found if table.kind.holds_rows), found[0] if found else None)


def _names(entity: str) -> Iterator[str]:
    folded = entity.lower()
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in entity).lstrip("_")
    for name in (entity, folded, snake):
        yield name
    for name in (folded, snake, folded.replace("_", "")):
        yield TRINITY + name
    for name in (entity, folded, snake):
        yield f"{name}s"
        yield f"{name}es"
        if name.endswith("y"):
            yield f"{name[:-1]}ies"


def _missing(entity: Entity, names: Sequence[str], where: Sequence[str], schema: ExistingSchema) -> str:
    there = {table.place.name: table.place.shown for table in schema.tables}
    if schema.asked_schema is not None or entity.schema is not None:
        there = {t.place.name: t.place.shown for t in schema.tables if t.place.schema in where}
        if not there:
            known = ", ".join(sorted({table.place.schema for table in schema.tables})) or "none"
            return (
                f'there is no table in schema "{where[0]}" that role "{schema.role}" sees; schemas: {known}'
            )
    near = get_close_matches(entity.name.lower(), there, n=3, cutoff=0.5)
    shown = [there[name] for name in near] or list(there.values())[:_MAX_SHOWN]
    looked = f"{names[0]}, {TRINITY}{names[0].lower()} or {names[0]}s in {', '.join(where) or 'no schema'}"
    return (
        f"there is no table for it (looked for {looked}); there is: {', '.join(shown) or 'no table at all'}"
    )
