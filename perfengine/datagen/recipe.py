"""What a value is made of: all that both twins need to know, of a column as of a parameter.

Which kinds of values go into which types:

* numbers, sequences: whole and broken numbers; texts, as their digits
* uuids: uuid and texts, as 32 hex digits; texts and templates: texts (a template whatever the server reads from text)
* moments: timestamp and date; chances: boolean; choices: whatever their values are; references: keys of the parent
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.datagen.layout import SEEDED, present, reads_word, text_stream
from perfengine.datagen.row_numbers import first_number
from perfengine.datagen.scale import digits_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import NumberRange, OrNull, RowNumber, Sequence, Text, Uuid
from perfengine.seeds import share

if TYPE_CHECKING:
    from perfengine.model.entity import Field
    from perfengine.model.generator import Generator, Template
    from perfengine.model.table import Column, Table

TEXTS = frozenset({FieldType.STRING, FieldType.TEXT})
#: Digests that a long text is made of; a longer one repeats them.
MAX_DIGESTS = 32
_UUID_DIGITS = 32
_FREE_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a value is made."""

    type: FieldType
    generator: Generator  #: of values that are not null, never an `OrNull`
    digits: int  #: decimal places of a number range
    length: int  #: hex digits of a text
    stream: str  #: of its own digests
    hot: str  #: the stream of the permutation of a range with hot values; the same for all variants
    null_below: int = 0  #: the value is null where a word of `null_stream` is less

    @property
    def null_stream(self) -> str:
        """The stream of the words that say where nulls are."""
        return f"{self.stream}?"

    @property
    def reads_word(self) -> bool:
        """Whether the value is made of a word, not of digits or the index."""
        return reads_word(self.type, self.generator)

    @property
    def text_streams(self) -> tuple[str, ...]:
        """The streams of the digests that a text is made of, 32 digits from each."""
        digests = min(MAX_DIGESTS, max(1, -(-self.length // 32)))
        return (self.stream, *(f"{self.stream}+{number}" for number in range(1, digests)))


def recipe_of(table: Table, column: Column, variant: str = SEEDED) -> Recipe:
    """Return how the values of a column are made."""
    field, generator = column.field, present(column.generator)
    if isinstance(generator, RowNumber):
        generator = Sequence(start=first_number(table))
    length = text_length(field.type, generator)
    return Recipe(
        type=field.type,
        generator=generator,
        digits=_digits(field, generator),
        length=min(field.length, length) if field.type is FieldType.STRING else length,
        stream=text_stream(table.name, variant, column.name) + _salt(table, column),
        hot=f"{table.name}.{column.name}/hot",
        null_below=share(null_share(column.generator)),
    )


def _salt(table: Table, column: Column) -> str:
    return f"/{table.key_salt}" if column.unique and table.key_salt else ""


def _digits(field: Field, generator: Generator) -> int:
    """Return the decimal places of a column's numbers: the field's; of a float, more where they are asked for."""
    finer = generator.scale if field.type is FieldType.FLOAT and isinstance(generator, NumberRange) else 0
    return max(digits_of(field), finer)


def null_share(generator: Generator) -> float:
    """Return the share of nulls: 0 of a generator that says nothing of them."""
    if not isinstance(generator, OrNull):
        return 0.0
    return 1 - (1 - generator.share) * (1 - null_share(generator.generator))


def text_length(field_type: FieldType, generator: Generator) -> int:
    """Return how many hex digits a generated text or uuid has."""
    if field_type is FieldType.UUID or isinstance(generator, Uuid):
        return _UUID_DIGITS
    return generator.length if isinstance(generator, Text) else _FREE_DIGITS


def uncut_type(recipe: Recipe, sql_type: str) -> str:
    """Return the type that the server casts a value to: without the length of a text.

    A cast to a type with a length cuts in silence what is too long; the column refuses it.
    """
    return "text" if recipe.type is FieldType.STRING else sql_type


def template_parts(template: Template) -> list[str]:
    """Return the text cut up: what stands as it is at even places, `{index}` or `{word}` at odd ones."""
    return re.split(r"(\{index\}|\{word\})", template.text)
