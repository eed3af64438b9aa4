"""Which column names a row of an existing table, and which others no two rows may share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType
from perfengine.model.existing import Identity, TypeKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from perfengine.model.existing import ExistingColumn, ExistingTable, UniqueKey

#: What a key can be made in. Texts take the 32 hex digits of a digest.
_KEY_TYPES: Final = {
    "uuid": FieldType.UUID,
    "int4": FieldType.INTEGER,
    "int8": FieldType.BIGINT,
    "text": FieldType.TEXT,
    "citext": FieldType.TEXT,
    "varchar": FieldType.TEXT,
    "bpchar": FieldType.TEXT,
}
KEY_DIGITS: Final = 32
#: What rows of a view are read by, besides: values that the server puts in order, and the driver hands over.
_READ_BY: Final = {
    *_KEY_TYPES,
    *(
        "bool",
        "cidr",
        "date",
        "float4",
        "float8",
        "inet",
        "int2",
        "name",
        "numeric",
        "timestamp",
        "timestamptz",
    ),
}
#: The column in which tables of several tenants say whose a row is.
TENANT: Final = "tenant_id"
#: Columns that can hold a number of its own for every row.
NUMBERED: Final = frozenset({"int4", "int8", "numeric"})


def key_column(table: ExistingTable) -> ExistingColumn | str:
    """Return the column that names a row of ours: `id` where that is unique, else the primary key, else another key.

    Where no column is unique by itself, that of a key of several columns which can tell rows of ours apart.
    Otherwise return why there is none.
    """
    primary = table.primary_key
    names = [key.columns[0] for key in table.keys if len(key.columns) == 1 and not key.partial]
    if primary is not None and len(primary.columns) == 1:
        names = [primary.columns[0], *names]
    if "id" in names:
        names = ["id", *names]
    fitting = [table.column(name) for name in dict.fromkeys(names)]
    for column in fitting:
        if _refusal(column) is None:
            return column
    return _of_several(table) or _why_none(table, fitting)


def own_key_column(table: ExistingTable) -> ExistingColumn | str:
    """Return the column that names a row of ours, as `key_column` does; else why none can have keys of ours."""
    key = key_column(table)
    if isinstance(key, str):
        return key
    reference = next((one for one in table.references if one.columns == (key.name,)), None)
    if reference is None:
        return key
    return (
        f"its key {key.name} refers to {reference.target.shown}, and a row of ours has a key of its own, "
        "which no row there has"
    )


def _of_several(table: ExistingTable) -> ExistingColumn | None:
    """Return the column by which rows of ours are found through a key of several columns; None where none is.

    Rows of ours have a value there that no other row has, so it needs no constraint; but it must lead the key, or
    every look would read the whole table. It is `id`, or the only one in which a key can be made: of a table by time,
    say, or of one for several tenants.
    """
    for key in table.keys:
        if key.partial or len(key.columns) < 2:
            continue
        first = table.column(key.columns[0])
        candidates = [name for name in key.columns if _can_name(table, name)]
        if first.name in candidates and (first.name == "id" or candidates == [first.name]):
            return first
    return None


def _can_name(table: ExistingTable, name: str) -> bool:
    is_tied = name == TENANT or any(name in reference.columns for reference in table.references)
    return not is_tied and _refusal(table.column(name)) is None


def reading_key(table: ExistingTable) -> ExistingColumn | str:
    """Return the column by which rows that are there are read, a key or the `id` of a view; else why none is."""
    found = key_column(table)
    named = next((column for column in table.columns if column.name == "id"), None)
    if not isinstance(found, str) or named is None or table.kind.holds_rows:
        return found
    if named.type.kind is not TypeKind.ENUM and (
        named.type.kind is not TypeKind.BASE or named.type.base not in _READ_BY
    ):
        return f"its id has type {named.type.sql}; rows are read by uuids, numbers, texts, dates and the like"
    return named


def _why_none(table: ExistingTable, fitting: list[ExistingColumn]) -> str:
    if fitting:
        return "; ".join(f"its key {column.name} {_refusal(column)}" for column in fitting)
    primary = table.primary_key
    if primary is None:
        return (
            "it has no primary key and no unique column, and rows of ours could not be told from others: "
            "give it a unique column that is not null"
        )
    columns = ", ".join(primary.columns)
    return (
        f"its primary key is of several columns ({columns}), and one column must name a row of ours: the first of "
        'them, where it refers to nothing and is "id" or the only uuid, number or text there; give it a unique '
        "column besides"
    )


def _refusal(column: ExistingColumn) -> str | None:
    """Return why no key of ours can be in a column; None where it can."""
    kind = _KEY_TYPES.get(column.type.base)
    if column.nullable:
        return "may be null"
    if column.generated:
        return "is computed from other columns"
    if kind is None or column.type.kind != "base":
        return f"has type {column.type.sql}; keys can be made in uuid, integer, bigint, text and varchar"
    if column.type.length is not None and column.type.length < KEY_DIGITS:
        return f"holds {column.type.length} characters; a generated key has {KEY_DIGITS}"
    return None


def overrides_identity(column: ExistingColumn) -> bool:
    """Return whether a value for the column must be forced upon the server."""
    return column.identity is Identity.ALWAYS


def unique_columns(
    table: ExistingTable, key: str, written: Collection[str], tied: Collection[str]
) -> set[str] | str:
    """Return the written columns that must have a value of their own in every row, `key` apart.

    `tied` are those whose values are not free: references, states. Of a key over several columns one is enough.
    Otherwise return why there is no such column.
    """
    found: set[str] = set()
    for unique in table.keys:
        columns = [table.column(name) for name in unique.columns]
        if key in unique.columns or any(_is_apart(column, unique, written) for column in columns):
            continue
        if not columns or found.intersection(unique.columns):
            continue
        free = [c for c in columns if c.name in written and c.name not in tied and can_be_distinct(c)]
        if not free:
            names = ", ".join(unique.columns)
            return f"unique key {unique.name} ({names}): no column of it can have a value of its own in every row"
        found.add(free[0].name)
    return found


def _is_apart(column: ExistingColumn, unique: UniqueKey, written: Collection[str]) -> bool:
    """Return whether a column that no row of ours says is different in each, or null, which equals nothing."""
    if column.name in written:
        return False
    is_made = column.identity is not Identity.NONE or "(" in (column.default or "")
    return is_made or (column.default is None and not column.generated and not unique.nulls_equal)


def can_be_distinct(column: ExistingColumn) -> bool:
    """Return whether every row of ours can have a value of its own in the column."""
    told = column.type
    if told.kind != "base":
        return False
    if told.base in {"text", "citext", "varchar", "bpchar"}:
        return told.length is None or told.length >= LEAST_DISTINCT
    return told.base in NUMBERED or told.base == "uuid"


#: Characters of a text that is different in every row: twelve hex digits, 2.8e14 of them.
LEAST_DISTINCT: Final = 12
