"""Generators that respect the simple rules of their field, so that seeded rows pass the CHECKs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from perfengine.compiler.sql_types import (
    INTEGERS,
    TEXTS,
    limits_of,
    round_down,
    round_up,
    step_of,
)
from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, NumberRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.comparisons import Comparison, Literal
    from perfengine.model.entity import Field

#: The seed documents' own amounts: `(random() * 1000 + 10)::decimal(10,2)`.
USUAL_LOW: Final = Decimal(10)
USUAL_HIGH: Final = Decimal(1010)


@dataclass(frozen=True, slots=True)
class _Bounds:
    low: Decimal | None = None
    high: Decimal | None = None


def narrow_numbers(field: Field, comparisons: Sequence[Comparison]) -> NumberRange | Choice:
    """Return the usual range of a number field, moved and cut so that `comparisons` hold."""
    chosen = _chosen(comparisons)
    if chosen is not None:
        bounds = _bounds_of(field, comparisons)
        values = [v for v in map(_number, chosen) if v is not None and _inside(v, bounds, field)]
        if values:
            return Choice(values=tuple(_as_field(field, value) for value in dict.fromkeys(values)))
    window = _window(field, _bounds_of(field, comparisons))
    for excluded in _excluded(comparisons):
        number = _number(excluded)
        if number is not None:
            window = _without(window, number, step_of(field))
    return window


def narrow_words(field: Field, comparisons: Sequence[Comparison]) -> Choice | None:
    """Return the constants a text, boolean or other field must be one of; None when nothing is said."""
    chosen = _chosen(comparisons)
    if chosen is None:
        return None
    excluded = set(_excluded(comparisons))
    values = [v for v in chosen if v not in excluded and _fits(field, v)]
    return Choice(values=tuple(dict.fromkeys(values))) if values else None


def _chosen(comparisons: Sequence[Comparison]) -> list[Literal] | None:
    """Return the constants that every `=` and IN allows; None without any."""
    sets = [c.literals for c in comparisons if c.operator in {"=", "in"}]
    if not sets:
        return None
    return [literal for literal in sets[0] if all(literal in other for other in sets[1:])]


def _excluded(comparisons: Sequence[Comparison]) -> list[Literal]:
    return [c.literals[0] for c in comparisons if c.operator == "<>"]


def _bounds_of(field: Field, comparisons: Sequence[Comparison]) -> _Bounds:
    """Return the tightest bounds, both inclusive and on the field's steps."""
    step = step_of(field)
    lows, highs = [], []
    for comparison in comparisons:
        value = _number(comparison.literals[0])
        if value is None or not _representable(value, field):
            continue
        match comparison.operator:
            case ">":
                lows.append(round_down(value, step) + step)
            case ">=":
                lows.append(round_up(value, step))
            case "<":
                highs.append(round_up(value, step) - step)
            case "<=":
                highs.append(round_down(value, step))
    return _Bounds(max(lows, default=None), min(highs, default=None))


def _window(field: Field, bounds: _Bounds) -> NumberRange:
    least, most = limits_of(field)
    high = min(USUAL_HIGH, most)
    low = USUAL_LOW if high > USUAL_LOW else Decimal(0)
    allowed_low = least if bounds.low is None else max(bounds.low, least)
    allowed_high = most if bounds.high is None else min(bounds.high, most)
    if allowed_low > allowed_high:  # the rules contradict each other: the database will tell
        return NumberRange(low=low, high=high)
    width = USUAL_HIGH - USUAL_LOW
    if allowed_low > high:
        low, high = allowed_low, min(allowed_low + width, allowed_high)
    elif allowed_high < low:
        low, high = max(allowed_high - width, allowed_low), allowed_high
    return NumberRange(low=max(low, allowed_low), high=min(high, allowed_high))


def _without(window: NumberRange, value: Decimal, step: Decimal) -> NumberRange:
    """Return the larger side of the window around `value`, which it no longer holds."""
    if not window.low <= value <= window.high or window.low == window.high:
        return window
    if value - window.low > window.high - value:
        return NumberRange(low=window.low, high=round_up(value, step) - step)
    return NumberRange(low=round_down(value, step) + step, high=window.high)


def _inside(value: Decimal, bounds: _Bounds, field: Field) -> bool:
    """Return whether the column can hold exactly this value, and the bounds allow it."""
    return (
        _representable(value, field)
        and (field.type is FieldType.FLOAT or value == round_down(value, step_of(field)))
        and (bounds.low is None or value >= bounds.low)
        and (bounds.high is None or value <= bounds.high)
    )


def _representable(value: Decimal, field: Field) -> bool:
    least, most = limits_of(field)
    return least <= value <= most


def _number(literal: Literal) -> Decimal | None:
    """Return the number that a literal is; None for NaN and infinities, which no range holds."""
    if isinstance(literal, bool) or literal is None:
        return None
    try:
        number = Decimal(literal)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _as_field(field: Field, value: Decimal) -> int | float | Decimal:
    if field.type in INTEGERS:
        return int(value)
    return float(value) if field.type is FieldType.FLOAT else round_down(value, step_of(field))


def _fits(field: Field, literal: Literal) -> bool:
    if literal is None:
        return field.nullable
    if field.type is FieldType.BOOLEAN:
        return isinstance(literal, bool)
    if field.type not in TEXTS or not isinstance(literal, str):
        return False
    return field.type is FieldType.TEXT or len(literal) <= field.length
