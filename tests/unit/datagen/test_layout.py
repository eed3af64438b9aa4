"""Which digest and which word of it each column reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.datagen.layout import (
    hot_stream,
    key_stream,
    text_stream,
    word_slot,
    word_stream,
    words_of,
)
from perfengine.model.entity import FieldType
from perfengine.model.generator import (
    Between,
    Chance,
    Choice,
    OrNull,
    Recent,
    ReferenceTo,
    Sequence,
    StateOf,
    Template,
    Text,
    Uuid,
)
from tests.tables import ANCHOR, between, make_column, make_table

if TYPE_CHECKING:
    from perfengine.model.table import Column

UNREAD = [
    make_column("a", FieldType.STRING),
    make_column("a", FieldType.TEXT),
    make_column("a", FieldType.UUID),
    make_column("a", FieldType.UUID, Uuid()),
    make_column("a", FieldType.TEXT, Text()),
    make_column("a", FieldType.TEXT, Template(text="x{index}")),
    make_column("a", FieldType.INTEGER, Sequence()),
    make_column("a", FieldType.TEXT, OrNull(share=0.5, generator=Text())),
]
READ = [
    make_column("a", FieldType.BOOLEAN),
    make_column("a", FieldType.JSON),
    make_column("a", FieldType.BOOLEAN, Chance()),
    make_column("a", FieldType.TIMESTAMP, Recent()),
    make_column("a", FieldType.DATE, Between(low=ANCHOR, high=ANCHOR)),
    make_column("a", FieldType.STRING, Choice(values=("x",))),
    make_column("a", FieldType.STRING, StateOf(states=("x",))),
    make_column("a", FieldType.UUID, ReferenceTo(table="customer")),
    make_column("a", FieldType.DECIMAL, between(1, 2)),
    make_column("a", FieldType.DECIMAL, OrNull(share=0.5, generator=between(1, 2))),
]


@pytest.mark.parametrize("column", UNREAD)
def test_columns_that_read_no_word(column: Column) -> None:
    """Texts and uuids have digests of their own, and what counts reads nothing at all."""
    assert words_of(make_table("t", column)) == []


@pytest.mark.parametrize("column", READ)
def test_columns_that_read_a_word(column: Column) -> None:
    """Everything else reads a word."""
    assert words_of(make_table("t", column)) == ["a"]


def test_words_in_column_order() -> None:
    """Columns take four words of a digest each in their order; texts in between take none."""
    numbers = [make_column(f"n{i}", FieldType.INTEGER, between(1, 9)) for i in range(9)]
    table = make_table("t", numbers[0], make_column("words", FieldType.TEXT), *numbers[1:])
    slots = [word_slot(table, column) for column in numbers]
    assert slots == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3), (2, 0)]


def test_streams_are_apart() -> None:
    """Keys, words and texts of tables, variants and columns have streams of their own."""
    streams = [
        make(table, *rest)
        for table in ("order", "customer")
        for make, *rest in (
            (key_stream,),
            (hot_stream,),
            (word_stream, "row", 0),
            (word_stream, "row", 1),
            (word_stream, "order_update", 0),
            (text_stream, "row", "name"),
            (text_stream, "row", "note"),
            (text_stream, "order_update", "name"),
        )
    ]
    assert len(set(streams)) == len(streams)
