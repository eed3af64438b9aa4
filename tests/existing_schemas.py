"""Schemas as a catalog would give them, made without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.existing import (
    ColumnType,
    ExistingColumn,
    ExistingFunction,
    ExistingSchema,
    ExistingTable,
    Place,
    ReturnType,
    TableKind,
    UniqueKey,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def column(
    name: str, base: str = "text", *, nullable: bool = False, default: str | None = None
) -> ExistingColumn:
    """Return a column of a plain type."""
    sql = {"int4": "integer", "int8": "bigint"}.get(base, base)
    return ExistingColumn(
        name=name, type=ColumnType(sql=sql, base=base, base_sql=sql), nullable=nullable, default=default
    )


def table(name: str, *columns: ExistingColumn, schema: str = "public", key: str = "id") -> ExistingTable:
    """Return a table with a primary key of one column."""
    return ExistingTable(
        place=Place(schema=schema, name=name),
        kind=TableKind.TABLE,
        columns=columns,
        keys=(UniqueKey(name=f"{name}_pkey", columns=(key,), primary=True),),
    )


def function(
    name: str, *arguments: str, schema: str = "public", returns: str = "boolean", defaults: int = 0
) -> ExistingFunction:
    """Return a function of these argument types."""
    base = {"boolean": "bool"}.get(returns, returns)
    return ExistingFunction(
        place=Place(schema=schema, name=name),
        arguments=arguments,
        argument_names=("",) * len(arguments),
        defaults=defaults,
        returns=ReturnType(sql=returns, base=base),
        volatility="volatile",
    )


def schema(
    tables: Iterable[ExistingTable] = (),
    functions: Iterable[ExistingFunction] = (),
    *,
    asked: str | None = None,
    search_path: tuple[str, ...] = ("public",),
) -> ExistingSchema:
    """Return a schema."""
    return ExistingSchema(
        database="shop",
        role="app",
        search_path=search_path,
        tables=tuple(tables),
        functions=tuple(functions),
        asked_schema=asked,
    )
