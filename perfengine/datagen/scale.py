"""How a range is cut into integer steps, so that Python and SQL compute the same value without rounding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfengine.model.entity import FieldType

if TYPE_CHECKING:
    from perfengine.model.entity import Field
    from perfengine.model.generator import NumberRange

#: `seeds.pick` multiplies a 32-bit word by the span inside a bigint.
MAX_SPAN = (1 << 31) - 1
FLOAT_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Steps:
    """`span` numbers from `low` on, `stride` apart, in units of 10^-digits."""

    low: int
    span: int
    digits: int
    stride: int = 1


def digits_of(field: Field) -> int:
    """Return the decimal places of a field's steps."""
    return {FieldType.DECIMAL: field.scale, FieldType.FLOAT: FLOAT_DIGITS}.get(field.type, 0)


def steps_in(bounds: NumberRange, digits: int) -> Steps:
    """Return the steps of 10^-digits inside `bounds`: at least one, at most 2^31 - 1 of them.

    A range with more numbers than that is still covered from end to end: every `stride`-th of them is taken.
    """
    low = -_whole_units(bounds.low.copy_negate(), digits)  # a minus sign would round to the context
    high = _whole_units(bounds.high, digits)
    return strides(low, high - low + 1, digits)


def strides(low: int, numbers: int, digits: int = 0) -> Steps:
    """Return steps over so many numbers from `low` on; of too many, every second, every third, ..."""
    numbers = max(1, numbers)
    stride = -(-numbers // MAX_SPAN)
    return Steps(low=low, span=-(-numbers // stride), digits=digits, stride=stride)


def _whole_units(value: Decimal, digits: int) -> int:
    """Return how many units of 10^-digits are in `value`, rounded down; integers have no context that rounds."""
    numerator, denominator = value.as_integer_ratio()
    units_in_one: int = 10**digits
    return numerator * units_in_one // denominator


def as_decimal(units: int, digits: int) -> Decimal:
    """Return `units` x 10^-digits, exactly."""
    return Decimal(f"{units}E-{digits}")  # `scaleb` would round to the 28 digits of the context
