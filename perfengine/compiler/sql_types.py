"""What the type words of a document are in PostgreSQL, and which numbers a column can hold."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType

if TYPE_CHECKING:
    from perfengine.model.entity import Field

NUMBERS: Final = frozenset({FieldType.DECIMAL, FieldType.FLOAT, FieldType.INTEGER, FieldType.BIGINT})
INTEGERS: Final = frozenset({FieldType.INTEGER, FieldType.BIGINT})
TEXTS: Final = frozenset({FieldType.STRING, FieldType.TEXT})
DATES: Final = frozenset({FieldType.DATE, FieldType.TIMESTAMP})

_WORDS: Final = {
    FieldType.BIGINT: "bigint",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.DECIMAL: "numeric",
    FieldType.FLOAT: "double precision",
    FieldType.INTEGER: "integer",
    FieldType.JSON: "jsonb",
    FieldType.STRING: "varchar",
    FieldType.TEXT: "text",
    FieldType.TIMESTAMP: "timestamptz",
    FieldType.UUID: "uuid",
}
#: Digits after the point of generated floats; finer steps would tell a reader nothing.
_FLOAT_SCALE: Final = 3
#: Where generated floats end: every integer up to here is exact in a double.
_FLOAT_LIMIT: Final = Decimal(10) ** 15


def argument_type(field: Field) -> str:
    """Return the type of the field as a function argument or an array element: no length, no precision."""
    return _WORDS[field.type]


def sql_type(field: Field) -> str:
    """Return the column type: `numeric(10,2)`, `varchar(255)`, `timestamptz`."""
    if field.type is FieldType.DECIMAL:
        return f"numeric({field.precision},{field.scale})"
    if field.type is FieldType.STRING:
        return f"varchar({field.length})"
    return _WORDS[field.type]


def step_of(field: Field) -> Decimal:
    """Return the smallest difference between two generated numbers of the field."""
    scale = {FieldType.DECIMAL: field.scale, FieldType.FLOAT: _FLOAT_SCALE}.get(field.type, 0)
    return Decimal(1).scaleb(-scale)


def limits_of(field: Field) -> tuple[Decimal, Decimal]:
    """Return the least and the largest number that the column can hold and its field allows."""
    least, most = _limits_of_type(field)
    low = least if field.low is None else max(least, field.low)
    return low, most if field.high is None else min(most, field.high)


def _limits_of_type(field: Field) -> tuple[Decimal, Decimal]:
    if field.type is FieldType.DECIMAL:
        high = (Decimal(10) ** field.precision - 1).scaleb(-field.scale)
        return -high, high
    if field.type is FieldType.FLOAT:
        return -_FLOAT_LIMIT, _FLOAT_LIMIT
    bits = 31 if field.type is FieldType.INTEGER else 63
    return Decimal(-(2**bits)), Decimal(2**bits - 1)


def round_down(value: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of `step`, a power of ten, that is not above `value`."""
    return value.quantize(step, rounding=ROUND_FLOOR)


def round_up(value: Decimal, step: Decimal) -> Decimal:
    """Return the least multiple of `step`, a power of ten, that is not below `value`."""
    return value.quantize(step, rounding=ROUND_CEILING)
