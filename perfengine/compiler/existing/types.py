"""The type of a column that is there, as a field: what its values look like, and how the driver hands them over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from perfengine.model.entity import Field, FieldType
from perfengine.model.existing import TypeKind

if TYPE_CHECKING:
    from perfengine.model.existing import ColumnType, ExistingColumn

_PLAIN: Final = {
    "bool": FieldType.BOOLEAN,
    "citext": FieldType.TEXT,
    "date": FieldType.DATE,
    "float4": FieldType.FLOAT,
    "float8": FieldType.FLOAT,
    "int2": FieldType.INTEGER,
    "int4": FieldType.INTEGER,
    "int8": FieldType.BIGINT,
    "json": FieldType.JSON,
    "jsonb": FieldType.JSON,
    "numeric": FieldType.DECIMAL,
    "text": FieldType.TEXT,
    "timestamp": FieldType.TIMESTAMP,
    "timestamptz": FieldType.TIMESTAMP,
    "uuid": FieldType.UUID,
    "varchar": FieldType.TEXT,
    "bpchar": FieldType.TEXT,
}
#: Types whose values the author of an entity has no word for: one that every server reads.
_SAMPLES: Final = {
    "bit": "0",
    "box": "(1,1),(0,0)",
    "bytea": "\\x00",
    "char": "a",
    "cidr": "192.0.2.0/24",
    "circle": "<(0,0),1>",
    "hstore": '"a"=>"1"',
    "inet": "192.0.2.1",
    "interval": "1 day",
    "line": "{1,-1,0}",
    "lseg": "[(0,0),(1,1)]",
    "ltree": "a",
    "macaddr": "08:00:2b:01:02:03",
    "macaddr8": "08:00:2b:01:02:03:04:05",
    "money": "100.00",
    "name": "a",
    "oid": "1",
    "path": "[(0,0),(1,1)]",
    "pg_lsn": "0/0",
    "point": "(0,0)",
    "polygon": "((0,0),(1,1),(1,0))",
    "time": "12:00:00",
    "timetz": "12:00:00+00",
    "tsquery": "a",
    "tsvector": "a",
    "varbit": "0",
    "xml": "<a/>",
}
#: Digits of numbers in a numeric column that says none, as the seed documents have them.
_USUAL_DIGITS: Final = (12, 2)
_SMALLEST, _LARGEST = Decimal(-(2**15)), Decimal(2**15 - 1)


def sample_of(column_type: ColumnType) -> str | None:
    """Return the text of a value of a type that no field has; None where none is known."""
    if column_type.kind is TypeKind.ARRAY:
        return "{}"
    if column_type.kind is TypeKind.RANGE:
        return "{}" if column_type.base.endswith("multirange") else "empty"
    return _SAMPLES.get(column_type.base) if column_type.kind is TypeKind.BASE else None


def field_of(column: ExistingColumn, written: Field | None) -> Field:
    """Return the column as a field; `written` is what the author says of it, and loses where the two differ."""
    told = column.type
    field = Field(name=column.name, type=_type_of(told), nullable=column.nullable)
    if written is not None:
        field = replace(field, low=written.low, high=written.high, like=written.like, values=written.values)
    if told.kind is TypeKind.ENUM:
        return replace(field, values=told.labels, like=(), low=None, high=None)
    if sample_of(told) is not None:
        return replace(field, cast=f"::text::{told.base_sql}", values=(), like=())
    return _sized(field, told)


def _sized(field: Field, told: ColumnType) -> Field:
    if told.length is not None:
        return replace(field, type=FieldType.STRING, length=told.length)
    if told.base == "numeric":
        precision = told.precision or _USUAL_DIGITS[0]
        scale = _USUAL_DIGITS[1] if told.precision is None else max(0, told.scale or 0)
        return replace(field, precision=max(precision, scale), scale=scale)
    if told.base == "timestamp":  # the driver takes no instant for one, and the author means an instant
        return replace(field, cast=f"::timestamptz::{told.base_sql}")
    if told.base == "int2":
        low, high = field.low, field.high
        return replace(
            field,
            low=_SMALLEST if low is None else max(low, _SMALLEST),
            high=_LARGEST if high is None else min(high, _LARGEST),
        )
    return field


def is_known(column_type: ColumnType) -> bool:
    """Return whether values of the type can be made."""
    return (
        column_type.kind is TypeKind.ENUM
        or sample_of(column_type) is not None
        or (column_type.kind is TypeKind.BASE and column_type.base in _PLAIN)
    )


def _type_of(column_type: ColumnType) -> FieldType:
    if column_type.kind is not TypeKind.BASE:
        return FieldType.TEXT
    return _PLAIN.get(column_type.base, FieldType.TEXT)
