"""Which digest and which word of it each column reads."""

from __future__ import annotations

import pytest

from perfengine.datagen.layout import (
    key_stream,
    needs_text,
    text_length,
    text_stream,
    word_slot,
    word_stream,
)
from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, Recent, ReferenceTo, StateOf
from perfengine.model.table import Column
from tests.tables import between, make_column, make_table


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (make_column("a", FieldType.STRING), True),
        (make_column("a", FieldType.TEXT), True),
        (make_column("a", FieldType.UUID), True),
        (make_column("a", FieldType.BOOLEAN), False),
        (make_column("a", FieldType.JSON), False),
        (make_column("a", FieldType.TIMESTAMP, Recent()), False),
        (make_column("a", FieldType.STRING, Choice(values=("x",))), False),
        (make_column("a", FieldType.STRING, StateOf(states=("x",))), False),
        (make_column("a", FieldType.UUID, ReferenceTo(table="customer")), False),
        (make_column("a", FieldType.DECIMAL, between(1, 2)), False),
    ],
)
def test_free_text_needs_a_digest(column: Column, text: bool) -> None:
    """Free texts and uuids read a digest of their own; everything else a word."""
    assert needs_text(column) is text


def test_words_in_column_order() -> None:
    """Columns take four words of a digest each in their order; texts in between take none."""
    numbers = [make_column(f"n{i}", FieldType.INTEGER, between(1, 9)) for i in range(9)]
    table = make_table("t", numbers[0], make_column("words", FieldType.TEXT), *numbers[1:])
    slots = [word_slot(table, column) for column in numbers]
    assert slots == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3), (2, 0)]


@pytest.mark.parametrize(
    ("column", "digits"),
    [
        (make_column("a", FieldType.TEXT), 16),
        (make_column("a", FieldType.STRING), 16),
        (make_column("a", FieldType.STRING, length=16), 16),
        (make_column("a", FieldType.STRING, length=3), 3),
        (make_column("a", FieldType.STRING, length=1), 1),
    ],
)
def test_length_of_texts(column: Column, digits: int) -> None:
    """A text has 16 digits, or as many as its column holds."""
    assert text_length(column) == digits


def test_streams_are_apart() -> None:
    """Keys, words and texts of tables, variants and columns have streams of their own."""
    streams = [
        make(table, *rest)
        for table in ("order", "customer")
        for make, *rest in (
            (key_stream,),
            (word_stream, "row", 0),
            (word_stream, "row", 1),
            (word_stream, "order_update", 0),
            (text_stream, "row", "name"),
            (text_stream, "row", "note"),
            (text_stream, "order_update", "name"),
        )
    ]
    assert len(set(streams)) == len(streams)
