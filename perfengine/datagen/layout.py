"""Where the randomness of a row comes from: which digest and which word of it each column reads.

A row draws its values from MD5 digests of four 32-bit words each: columns that read a word take them in column
order, texts and uuids take digests of their own. One digest for four columns keeps seeding cheap;
the layout depends on the table alone, so Python and SQL agree by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.entity import FieldType
from perfengine.model.generator import Free, OrNull, RowNumber, Sequence, Template, Text, Uuid
from perfengine.seeds import WORDS_A_DIGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.generator import Generator
    from perfengine.model.table import Column, Table

#: The variant of a row as it is seeded; updates draw another variant of the same row.
SEEDED = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSource:
    """What a value depends on besides its table, column and row index."""

    seed: int
    tables: Mapping[str, Table]
    rows: Mapping[str, int]  #: rows of each table's data set, for references


def present(generator: Generator) -> Generator:
    """Return how the values are made that are not null."""
    return present(generator.generator) if isinstance(generator, OrNull) else generator


def reads_word(field_type: FieldType, generator: Generator) -> bool:
    """Return whether values are made of a word, not of a digest of their own or of the index alone."""
    if isinstance(generator, Free):
        return field_type not in {FieldType.STRING, FieldType.TEXT, FieldType.UUID}
    return not isinstance(generator, Uuid | Text | Template | Sequence | RowNumber)


def words_of(table: Table) -> list[str]:
    """Return the columns that read a word, in the order in which they take them."""
    return [c.name for c in table.columns[1:] if reads_word(c.field.type, present(c.generator))]


def word_slot(table: Table, column: Column) -> tuple[int, int]:
    """Return (digest, word) of a column that reads a word; both count from 0."""
    return divmod(words_of(table).index(column.name), WORDS_A_DIGEST)


def word_stream(table: str, variant: str, digest: int) -> str:
    """Return the stream name of the digest that holds words of a row."""
    return f"{table}/{variant}/{digest}"


def text_stream(table: str, variant: str, column: str) -> str:
    """Return the stream name of the digest that a text column reads."""
    return f"{table}/{variant}.{column}"


def key_stream(table: str, salt: str = "") -> str:
    """Return the stream name of a table's keys; the salt is that of the table."""
    return f"{table}/id/{salt}" if salt else f"{table}/id"


def hot_stream(table: str) -> str:
    """Return the stream name of the permutation that says which rows of a table are hot, for all that refer to it."""
    return f"{table}/hot"
