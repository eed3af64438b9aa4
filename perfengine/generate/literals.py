"""Values as SQL text that a reader recognises, and that the column's own type reads."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from typing import Final

from perfengine.model.sql import quote_literal

_SECONDS_A_DAY: Final = 86_400


def literal(value: object) -> str:
    """Return a value as SQL: numbers bare, all else as quoted text; the column it goes to says the type."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else quote_literal(str(value))
    if isinstance(value, float):
        return repr(value) if isfinite(value) else quote_literal(str(value))
    return quote_literal(_text(value))


def literal_array(values: tuple[object, ...]) -> str:
    """Return values of one kind as an array; numbers of several kinds find their common type."""
    return f"ARRAY[{', '.join(map(literal, values))}]"


def interval_text(seconds: int) -> str:
    """Return a time as an interval reads it: `30 days`, `90 seconds`."""
    days, rest = divmod(seconds, _SECONDS_A_DAY)
    return f"{seconds} seconds" if rest else f"{days} days"


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return interval_text(int(value.total_seconds()))
    return str(value)
