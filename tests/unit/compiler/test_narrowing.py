"""Generated values of simple rules satisfy them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.compiler.narrowing import narrow_numbers, narrow_words
from perfengine.compiler.sql_types import limits_of
from perfengine.model.comparisons import Comparison, comparisons_of
from perfengine.model.entity import Field, FieldType
from perfengine.model.generator import Choice, NumberRange

AMOUNT = Field(name="total", type=FieldType.DECIMAL)
COUNT = Field(name="total", type=FieldType.INTEGER)
SMALL = Field(name="total", type=FieldType.DECIMAL, precision=3, scale=2)


@pytest.mark.parametrize(
    ("field", "rule", "low", "high"),
    [
        # nothing said: the amounts of the original document, as far as the column holds them
        (AMOUNT, "", "10", "1010"),
        (SMALL, "", "0", "9.99"),
        (COUNT, "", "10", "1010"),
        # one bound
        (AMOUNT, "total > 0", "10", "1010"),
        (AMOUNT, "total > 500", "500.01", "1010"),
        (COUNT, "total >= 500", "500", "1010"),
        (AMOUNT, "total <= 99.995", "10", "99.99"),
        (AMOUNT, "total < 100", "10", "99.99"),
        (SMALL, "total > 0", "0.01", "9.99"),
        # the usual range misses the allowed one
        (COUNT, "total BETWEEN 1 AND 5", "1", "5"),
        (AMOUNT, "total < 0", "-1000.01", "-0.01"),
        (COUNT, "total > 5000", "5001", "6001"),
        (SMALL, "total BETWEEN 0 AND 1", "0", "1"),
        # an excluded value takes the smaller side with it
        (COUNT, "total <> 20", "21", "1010"),
        (COUNT, "total <> 1000", "10", "999"),
        (COUNT, "total <> 10", "11", "1010"),
        (COUNT, "total <> 5", "10", "1010"),
        # what cannot be: the database will say so
        (COUNT, "total > 5 AND total < 3", "10", "1010"),
        (SMALL, "total > 100", "0", "9.99"),
    ],
)
def test_numbers_stay_where_the_rule_allows(field: Field, rule: str, low: str, high: str) -> None:
    """The range is cut, or moved next to the bound, on the steps of the column."""
    assert narrow_numbers(field, comparisons_of(rule)) == NumberRange(low=Decimal(low), high=Decimal(high))


@pytest.mark.parametrize(
    ("field", "rule", "values"),
    [
        (COUNT, "total IN (1, 2, 3)", (1, 2, 3)),
        (COUNT, "total IN (1, 2, 3) AND total > 1", (2, 3)),
        (AMOUNT, "total = 9.5", (Decimal("9.50"),)),
        (Field(name="total", type=FieldType.FLOAT), "total = 0.5", (0.5,)),
    ],
)
def test_numbers_are_drawn_from_a_list(field: Field, rule: str, values: tuple[object, ...]) -> None:
    """Equality and IN give the values themselves, in the type of the column."""
    assert narrow_numbers(field, comparisons_of(rule)) == Choice(values=values)  # type: ignore[arg-type]  # test rows


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("kind IN ('a', 'b')", ("a", "b")),
        ("kind = 'a'", ("a",)),
        ("kind IN ('a', 'b') AND kind IN ('b', 'c')", ("b",)),
        ("kind IN ('a', 'b') AND kind <> 'a'", ("b",)),
        ("kind IN ('abcdef', 'b')", ("b",)),
        ("kind <> 'a'", None),
        ("kind LIKE 'a%'", None),
        ("kind = 5", None),
    ],
)
def test_texts_are_drawn_from_a_list(rule: str, values: tuple[str, ...] | None) -> None:
    """Equality and IN give the texts that fit the column; anything else leaves the text free."""
    field = Field(name="kind", type=FieldType.STRING, length=5)
    found = narrow_words(field, comparisons_of(rule))
    assert found == (None if values is None else Choice(values=values))


def test_a_boolean_rule_fixes_the_value() -> None:
    """A rule that says NOT archived makes every row not archived."""
    field = Field(name="archived", type=FieldType.BOOLEAN)
    assert narrow_words(field, comparisons_of("NOT archived")) == Choice(values=(False,))


def test_null_is_chosen_only_where_the_column_takes_it() -> None:
    """IS NULL makes a nullable column NULL."""
    rule = comparisons_of("deleted_at IS NULL")
    nullable = Field(name="deleted_at", type=FieldType.TIMESTAMP, nullable=True)
    required = Field(name="deleted_at", type=FieldType.TIMESTAMP)
    assert narrow_words(nullable, rule) == Choice(values=(None,))
    assert narrow_words(required, rule) is None


LITERALS = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
) | st.sampled_from(["NaN", "Infinity", "-inf", "12", "x", "1e999999999", True, None])
COMPARISONS = st.builds(
    Comparison,
    field=st.just("total"),
    operator=st.sampled_from(["=", "<>", "<", "<=", ">", ">=", "in"]),
    literals=LITERALS.map(lambda literal: (literal,)),
)


@given(st.lists(COMPARISONS, max_size=4), st.sampled_from([AMOUNT, COUNT, SMALL]))
def test_whatever_a_rule_compares_with_the_column_holds_the_values(
    comparisons: list[Comparison], field: Field
) -> None:
    """The range is not empty and within the column, or the choices are."""
    found = narrow_numbers(field, comparisons)
    least, most = limits_of(field)
    values = [found.low, found.high] if isinstance(found, NumberRange) else list(found.values)
    assert all(isinstance(value, int | Decimal) and least <= value <= most for value in values)
    assert values == sorted(values, key=Decimal) or isinstance(found, Choice)  # type: ignore[arg-type]  # numbers
