"""Candidates come from the rule's literals, fit their column and are few."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.compiler.candidates import MAX_CANDIDATES, candidates_of, literals_of
from perfengine.model.entity import Field, FieldType

if TYPE_CHECKING:
    from datetime import date


def candidates(field: Field, rule: str) -> tuple[str | None, ...]:
    """Return the candidates of the field for a rule."""
    return candidates_of(field, literals_of(rule))


def test_literals_keep_their_sign() -> None:
    """A minus after an operator is a sign, after an operand a subtraction."""
    assert literals_of("a > -5 AND b - 3 > 2").numbers == (Decimal(-5), Decimal(3), Decimal(2))


@pytest.mark.parametrize(
    ("rule", "lengths"),
    [
        ("length(name) >= 3", (3,)),
        ("char_length(name) BETWEEN 2 AND 4", (2, 4)),
        ("name ~ '^[A-Z]{3}-[0-9]{2,5}$'", (3, 2, 5)),
        ("name <> 'x' AND total > 3", ()),
    ],
)
def test_lengths_are_read_from_calls_and_quantifiers(rule: str, lengths: tuple[int, ...]) -> None:
    """A rule that speaks of lengths says which."""
    assert literals_of(rule).lengths == lengths


def test_numbers_lie_around_the_literals_first() -> None:
    """The literal and its neighbours in steps of the scale come before everything else."""
    field = Field(name="total", type=FieldType.DECIMAL)
    assert candidates(field, "total > 50")[:3] == ("50.00", "49.99", "50.01")
    assert {"0.00", "-1.00", "1.00", "99999999.99", "-99999999.99"} <= set(candidates(field, "total > 50"))


def test_numbers_fit_the_column() -> None:
    """A literal that the column cannot hold gives no candidates; a finer one gives its neighbours."""
    field = Field(name="total", type=FieldType.DECIMAL, precision=3, scale=2)
    found = candidates(field, "total > 1000 OR total < 0.005")
    assert {"0.00", "0.01", "9.99", "-9.99"} <= set(found)
    assert all(abs(Decimal(text)) < 10 for text in found if text is not None)


def test_integers_have_no_point() -> None:
    """Candidates of an integer column are whole numbers within its range."""
    found = candidates(Field(name="n", type=FieldType.INTEGER), "n < 2.5")
    assert {"2", "3", "2147483647", "-2147483648"} <= set(found)


def test_not_a_number_is_tried_only_where_the_rule_speaks_of_it() -> None:
    """NaN is no candidate of a rule that does not name it."""
    field = Field(name="n", type=FieldType.FLOAT)
    assert "NaN" not in candidates(field, "n > 0")
    assert "NaN" in candidates(field, "n <> 'NaN'")


def test_texts_have_the_lengths_of_the_rule() -> None:
    """A length n gives texts of n - 1, n and n + 1 characters."""
    found = candidates(Field(name="code", type=FieldType.TEXT), "length(code) = 30")
    assert {29, 30, 31} <= {len(text) for text in found if text}


def test_texts_of_a_length_come_before_the_words_of_a_rule() -> None:
    """A rule over two fields has words that belong to the other one."""
    found = candidates(Field(name="code", type=FieldType.TEXT), "kind = 'x' AND length(code) > 30")
    assert [len(text or "") for text in found[:3]] == [30, 29, 31]


def test_texts_fit_the_column() -> None:
    """No candidate is longer than the column."""
    found = candidates(Field(name="code", type=FieldType.STRING, length=5), "code LIKE 'abcdef%'")
    assert found
    assert all(text is not None and len(text) <= 5 for text in found)


@pytest.mark.parametrize(
    "shape", ["user@example.com", "+14155550123", "https://example.com/", "USD", "", "é"]
)
def test_texts_of_common_shapes_are_tried(shape: str) -> None:
    """Rules about e-mail, telephone, address and code find a text of that shape."""
    assert shape in candidates(Field(name="contact", type=FieldType.STRING), "contact ~ '.'")


def test_wildcards_are_filled_in() -> None:
    """A LIKE pattern gives a text that matches it."""
    assert "INV-aaaa" in candidates(Field(name="code", type=FieldType.STRING), "code LIKE 'INV-a__%'")


def test_dates_lie_around_the_literals() -> None:
    """A date literal gives the day before and the day after."""
    found = candidates(Field(name="day", type=FieldType.DATE), "day >= '2024-03-01'")
    assert found[:3] == ("2024-03-01", "2024-02-29", "2024-03-02")
    assert {"now", "1970-01-01", "2999-12-31"} <= set(found)


@pytest.mark.parametrize("text", ["30 days", "2024-02-31", "20240301", "2024-W05-3", ""])
def test_texts_that_are_no_dates_are_left_out(text: str) -> None:
    """A literal that only looks like a date, or only to Python, is no candidate."""
    assert text not in candidates(Field(name="day", type=FieldType.TIMESTAMP), f"day > now() - '{text}'")


def test_documents_have_the_keys_of_the_rule() -> None:
    """A JSON rule is tried with objects that have its keys, and with values around its numbers."""
    found = candidates(Field(name="payload", type=FieldType.JSON), "(payload->>'age')::int >= 18")
    assert {'{"age": 18}', '{"age": 17}', '{"age": "a"}'} <= set(found)
    assert all(json.loads(text) is not Ellipsis for text in found if text is not None)


def test_uuids_of_the_rule_are_tried() -> None:
    """A uuid literal is a candidate; other texts are not."""
    field = Field(name="owner", type=FieldType.UUID)
    mine = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    assert candidates(field, f"owner <> '{mine}' AND 'x' <> 'y'")[0] == mine
    assert "x" not in candidates(field, f"owner <> '{mine}' AND 'x' <> 'y'")


def test_null_is_tried_only_where_the_column_takes_it() -> None:
    """NULL is an early candidate of a nullable column, but not the first."""
    rule = "total > 0"
    found = candidates(Field(name="total", type=FieldType.INTEGER, nullable=True), rule)
    assert found[:4] == ("0", "-1", "1", None)
    assert None not in candidates(Field(name="total", type=FieldType.INTEGER), rule)


@given(st.sampled_from(list(FieldType)), st.text(max_size=200), st.booleans())
def test_candidates_are_few_and_distinct(field_type: FieldType, rule: str, nullable: bool) -> None:
    """Whatever a rule says, there are 1 to 200 candidates, all different."""
    found = candidates(Field(name="x", type=field_type, nullable=nullable), rule)
    assert 1 <= len(found) <= MAX_CANDIDATES
    assert len(set(found)) == len(found)


@given(st.dates().filter(lambda day: day.year >= 1000))
def test_every_date_can_be_a_literal(day: date) -> None:
    """The first and the last day of the calendar have one neighbour."""
    assert str(day) in candidates(Field(name="day", type=FieldType.DATE), f"day > '{day}'")
