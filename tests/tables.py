"""Small builders of sandbox tables and of what the values of their rows depend on."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfengine.compiler.sql_types import sql_type
from perfengine.datagen.layout import RowSource
from perfengine.model.entity import Field, FieldType
from perfengine.model.generator import Free, NumberRange, ReferenceTo
from perfengine.model.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.generator import Generator

ANCHOR = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
FREE = Free()


def make_column(name: str, field_type: FieldType, generator: Generator = FREE, **sizes: Any) -> Column:
    """Return a column; `sizes` are the field's: precision, scale, length, nullable."""
    field = Field(name=name, type=field_type, **sizes)
    parent = generator.table if isinstance(generator, ReferenceTo) else None
    return Column(field=field, sql_type=sql_type(field), generator=generator, references=parent)


def make_table(name: str, *columns: Column, key: FieldType = FieldType.UUID) -> Table:
    """Return a table with these columns after its key."""
    return Table(name=name, columns=(make_column("id", key), *columns))


def make_source(*tables: Table, seed: int = 42, rows: Mapping[str, int] | None = None) -> RowSource:
    """Return the row source of these tables; a table of which nothing is said has 10 rows."""
    names = [table.name for table in tables]
    return RowSource(
        seed=seed,
        tables=dict(zip(names, tables, strict=True)),
        rows=dict.fromkeys(names, 10) | dict(rows or {}),
    )


def between(low: str | int, high: str | int) -> NumberRange:
    """Return a number range with both ends in it."""
    return NumberRange(low=Decimal(low), high=Decimal(high))
