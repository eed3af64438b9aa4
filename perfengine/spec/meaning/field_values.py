"""The values of a choice for a field: each word read as the field's type."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from perfengine.model.entity import FieldType
from perfengine.spec.meaning.scalars import plain_scalar
from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perfengine.model.entity import Entity, Field
    from perfengine.model.generator import Scalar
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.words import Word

#: Bits of the whole number types.
BITS: Final = {FieldType.INTEGER: 31, FieldType.BIGINT: 63}


def field_scalar(entity: Entity, field: Field, word: Word, mistakes: Mistakes) -> Scalar:
    """Return the value of a word for `field`; what the field cannot hold is noted."""
    text = word.text
    if text is None:
        if not field.nullable:
            mistakes.add(word.position, f"{quoted(field.name)} cannot be NULL")
        return None
    machine = entity.machine
    if machine is not None and field.name == machine.field and text not in machine.states:
        if machine.states:
            mistakes.add(word.position, f"unknown state {quoted(text)}", allowed=machine.states, found=text)
        return text
    if field.values and text not in field.values:
        message = f"{quoted(text)} is no value of {quoted(field.name)}"
        mistakes.add(word.position, message, allowed=field.values, found=text)
        return text
    try:
        return _READERS.get(field.type, _read_text)(field, word)
    except ValueError as error:
        mistakes.add(word.position, f"{quoted(text)} is no value of {quoted(field.name)}: {error}")
        return text


def check_size(field: Field, value: Decimal) -> None:
    """Raise ValueError when a number field cannot hold `value` as it is."""
    if field.type in BITS and not -(1 << BITS[field.type]) <= value < 1 << BITS[field.type]:
        raise ValueError(f"{value} is out of the range of {field.type}")
    if field.type is FieldType.DECIMAL:
        whole = field.precision - field.scale
        if abs(value) >= 10**whole:
            raise ValueError(
                f"{value} is out of range, decimal({field.precision},{field.scale}) ends below 1e{whole}"
            )


def _read_whole(field: Field, word: Word) -> Scalar:
    value = plain_scalar(word)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("a whole number is needed")  # noqa: TRY004 - read from a document
    check_size(field, Decimal(value))
    return value


def _read_number(field: Field, word: Word) -> Scalar:
    value = plain_scalar(word)
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        raise ValueError("a number is needed")  # noqa: TRY004 - read from a document
    if field.type is FieldType.FLOAT:
        return float(value)
    number = Decimal(value)
    check_size(field, number)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.scale:
        raise ValueError(f"it has more than {field.scale} digits after the point")
    return number


def _read_truth(_: Field, word: Word) -> Scalar:
    value = plain_scalar(word)
    if not isinstance(value, bool):
        raise ValueError("write true or false")  # noqa: TRY004 - read from a document
    return value


def _read_uuid(_: Field, word: Word) -> Scalar:
    return str(UUID(word.text))


def _read_json(_: Field, word: Word) -> Scalar:
    json.loads(word.text or "")
    return word.text


def _read_text(field: Field, word: Word) -> Scalar:
    text = word.text or ""
    if field.type is FieldType.STRING and len(text) > field.length:
        raise ValueError(f"it has {len(text)} characters, {quoted(field.name)} holds {field.length}")
    return text


_READERS: Final[Mapping[FieldType, Callable[[Field, Word], Scalar]]] = {
    FieldType.BIGINT: _read_whole,
    FieldType.BOOLEAN: _read_truth,
    FieldType.DECIMAL: _read_number,
    FieldType.FLOAT: _read_number,
    FieldType.INTEGER: _read_whole,
    FieldType.JSON: _read_json,
    FieldType.UUID: _read_uuid,
}
