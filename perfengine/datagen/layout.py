"""Where the randomness of a row comes from: which digest and which word of it each column reads.

A row draws its values from MD5 digests of four 32-bit words each: columns that need a number take the words in
column order, columns that need text take a digest of their own. One digest for four columns keeps seeding cheap;
the layout depends on the table alone, so Python and SQL agree by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.entity import FieldType
from perfengine.model.generator import Free

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.table import Column, Table

WORDS_A_DIGEST = 4
#: The variant of a row as it is seeded; updates draw another variant of the same row.
SEEDED = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSource:
    """What a value depends on besides its table, column and row index."""

    seed: int
    tables: Mapping[str, Table]
    rows: Mapping[str, int]  #: rows of each table's data set, for references


def needs_text(column: Column) -> bool:
    """Return whether the column reads a digest of its own instead of a word."""
    return isinstance(column.generator, Free) and column.field.type in {
        FieldType.STRING,
        FieldType.TEXT,
        FieldType.UUID,
    }


def word_slot(table: Table, column: Column) -> tuple[int, int]:
    """Return (digest, word) of a column that needs a number; both count from 0."""
    numeric = [other.name for other in table.columns[1:] if not needs_text(other)]
    return divmod(numeric.index(column.name), WORDS_A_DIGEST)


def word_stream(table: str, variant: str, digest: int) -> str:
    """Return the stream name of the digest that holds words of a row."""
    return f"{table}/{variant}/{digest}"


def text_stream(table: str, variant: str, column: str) -> str:
    """Return the stream name of the digest that a text column reads."""
    return f"{table}/{variant}.{column}"


def key_stream(table: str) -> str:
    """Return the stream name of a table's keys."""
    return f"{table}/id"


def text_length(column: Column) -> int:
    """Return how many hex digits a generated text has."""
    return min(column.field.length, 16) if column.field.type is FieldType.STRING else 16
