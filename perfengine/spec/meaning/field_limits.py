"""Whether a field can hold what its generator makes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType
from perfengine.model.generator import NumberRange, OrNull, Sequence, Template, Text, Uuid
from perfengine.spec.meaning.field_values import check_size
from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from perfengine.model.entity import Field
    from perfengine.model.generator import Generator
    from perfengine.model.mistake import Position
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.generator_parts import GeneratorPart

_UUID_DIGITS: Final = 32


def check_limits(
    field: Field, part: GeneratorPart, generator: Generator, position: Position, mistakes: Mistakes
) -> Generator:
    """Return the generator as the field needs it; what the field cannot hold is noted at `position`."""
    if isinstance(generator, OrNull):
        if not field.nullable:
            message = f"null: {quoted(field.name)} cannot be NULL: remove this, or write nullable: true"
            mistakes.add(part.place("null"), message)
        inner = check_limits(field, part, generator.generator, position, mistakes)
        return replace(generator, generator=inner)
    if isinstance(generator, Text) and field.type is FieldType.STRING:
        return _check_text(field, part, generator, mistakes)
    try:
        _check_ends(field, generator)
    except ValueError as error:
        mistakes.add(position, f"{quoted(field.name)}: {error}")
    return generator


def _check_text(field: Field, part: GeneratorPart, text: Text, mistakes: Mistakes) -> Text:
    if part.text is not None and part.text.length is not None and text.length > field.length:
        message = f"length: {quoted(field.name)} holds {field.length} characters"
        mistakes.add(part.text.place("length"), message)
    return Text(length=min(text.length, field.length))


def _check_ends(field: Field, generator: Generator) -> None:
    if isinstance(generator, NumberRange):
        check_size(field, generator.low)
        check_size(field, generator.high)
    elif isinstance(generator, Sequence):
        check_size(field, Decimal(generator.start))
    if field.type is FieldType.STRING and _shortest(generator) > field.length:
        raise ValueError(f"it holds {field.length} characters, these have {_shortest(generator)} and more")


def _shortest(generator: Generator) -> int:
    """Return the least number of characters that the values have."""
    if isinstance(generator, Template):
        return len(generator.text.replace("{index}", "1").replace("{word}", "12345678"))
    if isinstance(generator, Sequence):
        return len(str(generator.start))
    return _UUID_DIGITS if isinstance(generator, Uuid) else 0
