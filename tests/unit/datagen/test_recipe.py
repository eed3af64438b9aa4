"""What columns are made of: lengths, decimal places, shares of nulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.datagen.recipe import MAX_DIGESTS, recipe_of, template_parts
from perfengine.model.entity import FieldType
from perfengine.model.generator import NumberRange, NumberType, OrNull, Template, Text, Uuid
from perfengine.seeds import WORD_SPAN
from tests.tables import between, make_column, make_table

if TYPE_CHECKING:
    from perfengine.datagen.recipe import Recipe
    from perfengine.model.table import Column


def recipe(column: Column, variant: str = "row") -> Recipe:
    """Return what a column of a table of its own is made of."""
    return recipe_of(make_table("t", column), column, variant)


@pytest.mark.parametrize(
    ("column", "digits"),
    [
        (make_column("a", FieldType.TEXT), 16),
        (make_column("a", FieldType.STRING), 16),
        (make_column("a", FieldType.STRING, length=16), 16),
        (make_column("a", FieldType.STRING, length=3), 3),
        (make_column("a", FieldType.STRING, length=1), 1),
        (make_column("a", FieldType.UUID), 32),
        (make_column("a", FieldType.TEXT, Uuid()), 32),
        (make_column("a", FieldType.STRING, Uuid(), length=20), 20),
        (make_column("a", FieldType.TEXT, Text(length=500)), 500),
        (make_column("a", FieldType.STRING, Text(length=500)), 255),
    ],
)
def test_length_of_texts(column: Column, digits: int) -> None:
    """A text has as many digits as asked for, 16 unless said, and never more than its column holds."""
    assert recipe(column).length == digits


@pytest.mark.parametrize(("length", "digests"), [(1, 1), (32, 1), (33, 2), (64, 2), (10**6, MAX_DIGESTS)])
def test_digests_of_a_text(length: int, digests: int) -> None:
    """32 digits come from a digest, each of another stream; there are 32 digests at most."""
    streams = recipe(make_column("a", FieldType.TEXT, Text(length=length))).text_streams
    assert len(set(streams)) == digests
    assert streams[0] == "t/row.a"


@pytest.mark.parametrize(
    ("field_type", "kind", "scale", "digits"),
    [
        (FieldType.INTEGER, NumberType.INTEGER, 0, 0),
        (FieldType.INTEGER, NumberType.DECIMAL, 4, 0),
        (FieldType.DECIMAL, NumberType.DECIMAL, 4, 2),
        (FieldType.FLOAT, NumberType.INTEGER, 0, 3),
        (FieldType.FLOAT, NumberType.FLOAT, 6, 6),
        (FieldType.FLOAT, NumberType.FLOAT, 1, 3),
    ],
)
def test_decimal_places(field_type: FieldType, kind: NumberType, scale: int, digits: int) -> None:
    """The field says the places of a decimal; a float has three, or more where they are asked for."""
    bounds = between(0, 1)
    generator = NumberRange(low=bounds.low, high=bounds.high, type=kind, scale=scale)
    assert recipe(make_column("a", field_type, generator)).digits == digits


def test_nulls() -> None:
    """The share of nulls is a threshold of words of a stream of their own; no share, no such words."""
    assert recipe(make_column("a", FieldType.TEXT)).null_below == 0
    some = recipe(make_column("a", FieldType.TEXT, OrNull(share=0.25, generator=Text(length=5))))
    assert some.null_below == WORD_SPAN // 4
    assert some.null_stream not in some.text_streams
    assert (some.generator, some.length) == (Text(length=5), 5)


def test_variants_share_what_is_hot() -> None:
    """Another variant of a row draws other values, of which the same ones are hot."""
    column = make_column("a", FieldType.INTEGER, between(1, 9))
    seeded, updated = recipe(column), recipe(column, "t_update")
    assert seeded.hot == updated.hot
    assert seeded.stream != updated.stream


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("plain {x}", ["plain {x}"]),
        ("{index}", ["", "{index}", ""]),
        ("a{word}{index}b", ["a", "{word}", "", "{index}", "b"]),
        ("{{index}}", ["{", "{index}", "}"]),
    ],
)
def test_template_parts(text: str, parts: list[str]) -> None:
    """Marks stand at odd places, everything else stays as it is."""
    assert template_parts(Template(text=text)) == parts
