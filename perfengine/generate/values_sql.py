"""How the values of a column are made, as SQL over random(): what a person would write for the same purpose.

A run of perfengine makes other values of the same kinds: those follow from a seed and the number of a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from perfengine.generate.literals import interval_text, literal, literal_array
from perfengine.generate.numbers_sql import number_sql
from perfengine.model.entity import FieldType
from perfengine.model.generator import (
    Between,
    Chance,
    Choice,
    NumberRange,
    OrNull,
    Recent,
    ReferenceTo,
    Sequence,
    Template,
    Text,
    Uuid,
)
from perfengine.model.sql import quote_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perfengine.model.entity import Field
    from perfengine.model.generator import Generator
    from perfengine.model.table import Column

#: The variable that holds the number of a row, from 1.
NUMBER: Final = "number"
_FLOAT_DIGITS: Final = 3
_SECONDS_A_DAY: Final = 86_400
_UUID_DIGITS: Final = 32
_FREE_DIGITS: Final = 16
_RANDOM_UUID: Final = "gen_random_uuid()"
_HEX: Final = f"replace({_RANDOM_UUID}::text, '-', '')"
_TEXTS: Final = frozenset({FieldType.STRING, FieldType.TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysOf:
    """Where the keys of another table are: a function that takes their number, from 1, and how many there are."""

    function: str  #: qualified and quoted
    count: int


def column_sql(column: Column, keys: Mapping[str, KeysOf]) -> str:
    """Return the expression of a column's value; `keys` are those of the tables that rows may refer to.

    Raises: KeyError for a table that is not among them.
    """
    return _value(column.field, column.generator, keys)


def needs_number(generator: Generator) -> bool:
    """Return whether values are made of the number of their row."""
    if isinstance(generator, OrNull):
        return needs_number(generator.generator)
    return isinstance(generator, Sequence) or (
        isinstance(generator, Template) and "{index}" in generator.text
    )


def random_key_sql(field: Field) -> str:
    """Return a key that no other row has, of a field that holds uuids or text."""
    return _hex(field, _UUID_DIGITS) if field.type in _TEXTS else _RANDOM_UUID


def _value(field: Field, generator: Generator, keys: Mapping[str, KeysOf]) -> str:
    if isinstance(generator, OrNull):
        inner = _value(field, generator.generator, keys)
        return f"CASE WHEN random() >= {generator.share!r} THEN {inner} END"
    if isinstance(generator, ReferenceTo):
        parent = keys[generator.table]
        place = number_sql(generator.distribution, Decimal(1), Decimal(parent.count), 0)
        return f"{parent.function}({place})"
    make = _BY_GENERATOR.get(type(generator))
    return _free(field, generator) if make is None else make(field, generator)


def _number(field: Field, bounds: NumberRange) -> str:
    return number_sql(bounds.distribution, bounds.low, bounds.high, _digits(field, bounds))


def _digits(field: Field, bounds: NumberRange) -> int:
    if field.type is FieldType.FLOAT:
        return max(_FLOAT_DIGITS, bounds.scale)
    return field.scale if field.type is FieldType.DECIMAL else 0


def _choice(_: Field, choice: Choice) -> str:
    if len(choice.values) == 1:
        return literal(choice.values[0])
    values = literal_array(choice.values)
    if not choice.weights:
        return f"({values})[1 + floor(random() * {len(choice.values)})::int]"
    total, below, shares = sum(choice.weights), 0, []
    for weight in choice.weights:
        shares.append(f"{below / total:.6g}")
        below += weight
    return f"({values})[width_bucket(random(), ARRAY[{', '.join(shares)}]::float8[])]"


def _recent(field: Field, recent: Recent) -> str:
    sign = "+" if recent.ahead else "-"
    if field.type is FieldType.DATE:
        return f"current_date {sign} floor(random() * {recent.seconds // _SECONDS_A_DAY + 1})::int"
    return f"now() {sign} random() * interval '{interval_text(recent.seconds)}'"


def _between(field: Field, between: Between) -> str:
    low, high = (quote_literal(moment.isoformat()) for moment in (between.low, between.high))
    if field.type is FieldType.DATE:
        return f"date {low} + floor(random() * (date {high} - date {low} + 1))::int"
    return f"timestamptz {low} + random() * (timestamptz {high} - timestamptz {low})"


def _sequence(_: Field, sequence: Sequence) -> str:
    return f"{sequence.start} + {sequence.step} * ({NUMBER} - 1)"


def _template(_: Field, template: Template) -> str:
    """Return the text with `{index}` and `{word}` filled in."""
    text = template.text
    written = quote_literal(text)
    if "{index}" in text:
        written = f"replace({written}, '{{index}}', {NUMBER}::text)"
    return f"replace({written}, '{{word}}', left({_HEX}, 8))" if "{word}" in text else written


def _chance(_: Field, chance: Chance) -> str:
    return f"random() < {chance.probability!r}"


def _text(field: Field, text: Text) -> str:
    return _hex(field, text.length)


def _uuid(field: Field, _: Uuid) -> str:
    return random_key_sql(field)


def _hex(field: Field, length: int) -> str:
    digits = min(length, field.length) if field.type is FieldType.STRING else length
    if digits == _UUID_DIGITS:
        return _HEX
    text = f"repeat({_HEX}, {-(-digits // _UUID_DIGITS)})" if digits > _UUID_DIGITS else _HEX
    return f"left({text}, {digits})"


def _free(field: Field, _: Generator) -> str:
    match field.type:
        case FieldType.UUID:
            return _RANDOM_UUID
        case FieldType.STRING | FieldType.TEXT:
            return _hex(field, _FREE_DIGITS)
        case FieldType.BOOLEAN:
            return "random() < 0.5"
        case FieldType.JSON:
            return "jsonb_build_object('n', floor(random() * 1000000)::int)"
    return "floor(random() * 1000000)"


_BY_GENERATOR: Final[dict[type, Callable[[Field, Any], str]]] = {
    Between: _between,
    Chance: _chance,
    Choice: _choice,
    NumberRange: _number,
    Recent: _recent,
    Sequence: _sequence,
    Template: _template,
    Text: _text,
    Uuid: _uuid,
}
