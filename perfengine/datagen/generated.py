"""Values of the parameters of own operations: functions of (seed, stream, number of the attempt)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from perfengine.datagen.from_index import index_values
from perfengine.datagen.from_word import word_values
from perfengine.datagen.layout import present
from perfengine.datagen.recipe import Recipe, null_share, text_length
from perfengine.datagen.scale import FLOAT_DIGITS
from perfengine.datagen.values import with_nulls
from perfengine.model.entity import FieldType
from perfengine.model.generator import (
    Between,
    Chance,
    NumberRange,
    NumberType,
    Recent,
    Sequence,
    Uuid,
)
from perfengine.seeds import share, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.datagen.layout import RowSource
    from perfengine.model.generator import Generator

_NUMBERS = {
    NumberType.INTEGER: FieldType.BIGINT,
    NumberType.FLOAT: FieldType.FLOAT,
    NumberType.DECIMAL: FieldType.DECIMAL,
}
_OTHERS: dict[type, FieldType] = {
    Sequence: FieldType.BIGINT,
    Chance: FieldType.BOOLEAN,
    Uuid: FieldType.UUID,
}


def generated_values(
    source: RowSource, generator: Generator, stream: str, anchor: datetime
) -> Callable[[int], Any]:
    """Return the function from the number of an attempt to a value, as the driver binds it.

    A uuid is 32 hex digits, which the driver takes for a uuid and for a text. A float without a scale has steps of a
    thousandth, as that of a column has.
    """
    recipe, seed = _recipe(generator, stream), source.seed
    if not recipe.reads_word:
        return with_nulls(seed, recipe, index_values(seed, recipe))
    make = word_values(source, recipe, anchor)
    return with_nulls(seed, recipe, lambda index: make(word(seed, stream, index)))


def _recipe(generator: Generator, stream: str) -> Recipe:
    made = present(generator)
    return Recipe(
        type=_type_of(made),
        generator=made,
        digits=_digits(made),
        length=text_length(_type_of(made), made),
        stream=stream,
        hot=f"{stream}/hot",
        null_below=share(null_share(generator)),
    )


def _type_of(generator: Generator) -> FieldType:
    """Return the type of column that such a value would stand in."""
    match generator:
        case NumberRange():
            return _NUMBERS[generator.type]
        case Recent(whole_days=whole_days):
            return FieldType.DATE if whole_days else FieldType.TIMESTAMP
        case Between():
            moments = isinstance(generator.low, datetime) or isinstance(generator.high, datetime)
            return FieldType.TIMESTAMP if moments else FieldType.DATE
    return _OTHERS.get(type(generator), FieldType.TEXT)


def _digits(generator: Generator) -> int:
    if not isinstance(generator, NumberRange) or generator.type is NumberType.INTEGER:
        return 0
    return generator.scale or (FLOAT_DIGITS if generator.type is NumberType.FLOAT else 0)
