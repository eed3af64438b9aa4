"""Number ranges are cut into integer steps that stay inside, reach both ends and are exact."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.datagen.scale import MAX_SPAN, Steps, as_decimal, digits_of, steps_in
from perfengine.model.entity import Field, FieldType
from perfengine.model.generator import NumberRange
from tests.tables import between


def field_of(field_type: FieldType, scale: int = 2, precision: int = 10) -> Field:
    """Return a number field."""
    return Field(name="n", type=field_type, precision=precision, scale=scale)


@pytest.mark.parametrize(
    ("field", "bounds", "steps"),
    [
        (field_of(FieldType.INTEGER), between(10, 1010), Steps(10, 1001, 0)),
        (field_of(FieldType.BIGINT), between(-5, 5), Steps(-5, 11, 0)),
        (field_of(FieldType.INTEGER), between(7, 7), Steps(7, 1, 0)),
        (field_of(FieldType.INTEGER), between("0.5", "2.5"), Steps(1, 2, 0)),
        (field_of(FieldType.INTEGER), between("-2.5", "-0.5"), Steps(-2, 2, 0)),
        (field_of(FieldType.DECIMAL), between("0.01", "9.99"), Steps(1, 999, 2)),
        (field_of(FieldType.DECIMAL), between("0.001", "0.029"), Steps(1, 2, 2)),
        (field_of(FieldType.DECIMAL, scale=0), between(1, 9), Steps(1, 9, 0)),
        (field_of(FieldType.FLOAT), between("-0.0015", 0), Steps(-1, 2, 3)),
        (field_of(FieldType.INTEGER), between(0, MAX_SPAN - 1), Steps(0, MAX_SPAN, 0)),
        # more numbers than a draw can tell apart: every second, every third, ...
        (field_of(FieldType.INTEGER), between(0, MAX_SPAN), Steps(0, MAX_SPAN // 2 + 1, 0, 2)),
        (
            field_of(FieldType.INTEGER),
            between(-(2**31), 2**31 - 1),
            Steps(-(2**31), -(-(2**32) // 3), 0, 3),
        ),
        # nothing on a step inside: one step, above the low end
        (field_of(FieldType.DECIMAL), between("0.001", "0.004"), Steps(1, 1, 2)),
    ],
)
def test_steps(field: Field, bounds: NumberRange, steps: Steps) -> None:
    """Steps begin at the first number inside and end at the last."""
    assert steps_in(bounds, digits_of(field)) == steps


@given(
    st.sampled_from((FieldType.INTEGER, FieldType.BIGINT, FieldType.DECIMAL, FieldType.FLOAT)),
    st.integers(0, 30),
    st.decimals(Decimal("-1e30"), Decimal("1e30"), places=6),
    st.decimals(Decimal(1), Decimal("1e30"), places=6),
)
def test_steps_cover_the_range(field_type: FieldType, scale: int, low: Decimal, width: Decimal) -> None:
    """However wide the range, all steps lie inside it and no stretch longer than two strides is left out."""
    with localcontext() as exact:
        exact.prec = 100
        high = low + width
        digits = digits_of(field_of(field_type, scale))
        steps = steps_in(NumberRange(low=low, high=high), digits)
        unit = Decimal(1).scaleb(-steps.digits)
        first, last = steps.low * unit, (steps.low + (steps.span - 1) * steps.stride) * unit
        assert low <= first < low + unit
        assert high - (steps.stride + 1) * unit < last <= high
        assert 1 <= steps.span <= MAX_SPAN


@pytest.mark.parametrize(
    ("units", "digits", "text"),
    [
        (1050, 2, "10.50"),
        (-5, 2, "-0.05"),
        (0, 3, "0.000"),
        (7, 0, "7"),
        (10**38 - 1, 10, "9999999999999999999999999999.9999999999"),
        (-(10**30 + 1), 2, "-10000000000000000000000000000.01"),
    ],
)
def test_as_decimal(units: int, digits: int, text: str) -> None:
    """Units become a decimal with all their digits, however many."""
    assert as_decimal(units, digits) == Decimal(text)
    assert str(as_decimal(units, digits)) == text


def test_bounds_with_more_digits_than_the_context() -> None:
    """Limits of wide columns are not rounded to the 28 digits that decimal arithmetic usually keeps."""
    bounds = between("-99999999999999999999999999999999.99", "-99999999999999999999999999999999.98")
    steps = steps_in(bounds, digits_of(field_of(FieldType.DECIMAL, precision=34)))
    assert steps == Steps(-9999999999999999999999999999999999, 2, 2)
