"""Type words."""

from __future__ import annotations

import pytest

from perfengine.model.entity import Field, FieldType
from tests.documents import messages_of, mistakes_of, scenario_of


def _field(written: str) -> Field:
    return scenario_of(f"name: order\nfields:\n  id: uuid\n  x: {written}\n").entities[0].entity.field("x")


@pytest.mark.parametrize("word", sorted(FieldType))
def test_every_type_word_is_read(word: str) -> None:
    """A type is not null unless the document says so."""
    field = _field(word)
    assert (field.type, field.nullable) == (word, False)
    assert _field(f"{word}?").nullable


@pytest.mark.parametrize(
    ("written", "precision", "scale"),
    [("decimal", 10, 2), ("decimal(12,3)", 12, 3), ('"decimal( 5 , 0 )?"', 5, 0), ("decimal(7)", 7, 0)],
)
def test_a_decimal_has_digits_and_a_scale(written: str, precision: int, scale: int) -> None:
    """Without a size it is numeric(10,2); with one number the scale is 0, as in SQL."""
    field = _field(written)
    assert (field.precision, field.scale) == (precision, scale)


@pytest.mark.parametrize(("written", "length"), [("string", 255), ("string(40)", 40)])
def test_a_string_has_a_length(written: str, length: int) -> None:
    """Without a size it is varchar(255)."""
    assert _field(written).length == length


def test_the_mapping_form_says_the_same() -> None:
    """A field may be a mapping of type, nullable and description."""
    assert _field("{type: 'decimal(12,3)', nullable: yes, description: money}") == _field('"decimal(12,3)?"')
    assert not _field("{type: text, nullable: false}").nullable


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("decimal(0,0)", "4:6 x: a decimal has 1 to 1000 digits, and its scale is not more than that"),
        ("decimal(2,3)", "4:6 x: a decimal has 1 to 1000 digits, and its scale is not more than that"),
        ("string(0)", "4:6 x: a string has 1 to 10485760 characters"),
        ("string(1,2)", "4:6 x: the type string takes no size like this; decimal(12,3) and string(40) do"),
        ("uuid(3)", "4:6 x: the type uuid takes no size like this; decimal(12,3) and string(40) do"),
        ("", "4:3 x: nothing is written here, it must be a type such as uuid or decimal(12,3)"),
        ("[uuid]", "4:6 x: it must be a mapping, found a list"),
        ("{type: text?, nullable: false}", '4:30 nullable: the "?" of "x" says true: keep one of them'),
        ("{nullable: true}", '4:6 a field needs "type"'),
    ],
)
def test_a_wrong_type_says_what_is_right(written: str, message: str) -> None:
    """Sizes, shapes and contradictions have their own words."""
    assert messages_of(f"name: order\nfields:\n  id: uuid\n  x: {written}\n") == [message]


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [
        ("uid", "uuid"),
        ("emial", "email"),
        ("guid", "uuid"),
        ("Text", "text"),
        ("SimpleAdress", "SimpleAddress"),
        ("enumm(a)", "enum"),
    ],
)
def test_an_unknown_type_suggests_the_one_that_was_meant(word: str, suggestion: str) -> None:
    """Slips and words of SQL lead to a type of ours."""
    (mistake,) = mistakes_of(f"name: order\nfields:\n  id: uuid\n  x: {word}\n")
    assert mistake.message == f'unknown field type "{word}" in entity "order"'
    assert mistake.allowed == (*sorted(FieldType), "enum", "list", "ref", "...")
    assert mistake.suggestion == suggestion


def test_a_type_that_a_flow_mapping_cut_in_two_is_to_be_quoted() -> None:
    """`{x: decimal(12,3)}` is not what it looks like."""
    messages = messages_of("name: order\nfields: {id: uuid, x: decimal(12,3)}\n")
    assert (
        messages[0]
        == '2:23 x: "decimal(12" is cut off at its comma: put the type in quotes, as in "decimal(12,3)"'
    )
