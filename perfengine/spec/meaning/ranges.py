"""Generators with a low and a high end: numbers, days, instants, and what is counted from the start of the run."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from perfengine.model.generator import Between, NumberRange, NumberType, Recent
from perfengine.spec.meaning.distributions import build_distribution
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.range_parts import AgoPart, DatePart, DecimalPart, IntPart, TimestampPart

_DECIMAL_SCALE: Final = 2
_FLOAT_SCALE: Final = 6


def int_range(part: IntPart, mistakes: Mistakes) -> NumberRange:
    """Return whole numbers."""
    _check_order(part, part.min <= part.max, mistakes)
    low, high = Decimal(part.min), Decimal(part.max)
    return NumberRange(low=low, high=high, distribution=build_distribution(part, low, high, mistakes))


def decimal_range(part: DecimalPart, kind: NumberType, mistakes: Mistakes) -> NumberRange:
    """Return numbers with digits after the point."""
    _check_order(part, part.min <= part.max, mistakes)
    default = _FLOAT_SCALE if kind is NumberType.FLOAT else _DECIMAL_SCALE
    scale = default if part.scale is None else part.scale
    for key, value in (("min", part.min), ("max", part.max)):
        if kind is NumberType.DECIMAL and _has_more_digits(value, scale):
            mistakes.add(
                part.place(key), f"{key}: {value} has more digits after the point than scale: {scale}"
            )
    return NumberRange(
        low=part.min,
        high=part.max,
        distribution=build_distribution(part, part.min, part.max, mistakes),
        type=kind,
        scale=scale,
    )


def _has_more_digits(value: Decimal, scale: int) -> bool:
    """Return whether a number does not end after so many digits behind the point; however long it is."""
    _, digits, exponent = value.as_tuple()
    surplus = -int(exponent) - scale
    return surplus > 0 and any(digits[-surplus:])


def time_range(part: DatePart | TimestampPart, mistakes: Mistakes) -> Between:
    """Return days, or instants."""
    _check_order(part, part.min <= part.max, mistakes)
    return Between(low=part.min, high=part.max)


def from_the_start(part: AgoPart, key: str, mistakes: Mistakes) -> Recent:
    """Return instants before the start of the run (`ago`), or after it (`ahead`)."""
    whole_days = part.type == "date"
    if part.max is None:
        return Recent(ahead=key == "ahead", whole_days=whole_days)
    seconds = part.max // NS_PER_S
    if seconds < 1:
        mistakes.add(part.place("max"), f"max: {key} counts in seconds, this is less than one")
    return Recent(seconds=max(1, seconds), ahead=key == "ahead", whole_days=whole_days)


def _check_order(
    part: IntPart | DecimalPart | DatePart | TimestampPart, is_so: bool, mistakes: Mistakes
) -> None:
    if not is_so:
        mistakes.add(part.place("max"), f"max: {part.max} is below min, {part.min}")
