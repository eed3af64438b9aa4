"""How a number range is cut into integer steps, so that Python and SQL compute the same value without rounding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from perfengine.model.entity import FieldType

if TYPE_CHECKING:
    from perfengine.model.entity import Field
    from perfengine.model.plan import NumberRange

#: `seeds.pick` multiplies a 32-bit word by the span inside a bigint.
MAX_SPAN = (1 << 31) - 1
FLOAT_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Steps:
    """`low` .. `low + span - 1` in units of 10^-digits."""

    low: int
    span: int
    digits: int


def steps_of(field: Field, bounds: NumberRange) -> Steps:
    """Return the steps of the field's type inside `bounds`; at least one, at most 2^31 - 1 of them."""
    digits = {FieldType.DECIMAL: field.scale, FieldType.FLOAT: FLOAT_DIGITS}.get(field.type, 0)
    low = int(bounds.low.scaleb(digits).to_integral_value(ROUND_CEILING))
    high = int(bounds.high.scaleb(digits).to_integral_value(ROUND_FLOOR))
    return Steps(low=low, span=max(1, min(high - low + 1, MAX_SPAN)), digits=digits)


def as_decimal(units: int, digits: int) -> Decimal:
    """Return `units` x 10^-digits, exactly."""
    return Decimal(units).scaleb(-digits)
