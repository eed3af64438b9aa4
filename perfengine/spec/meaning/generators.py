"""Generators as written to `Generator`s. Whether one fits a field, `field_data` says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.generator import (
    Chance,
    Choice,
    NumberType,
    OrNull,
    ReferenceTo,
    Sequence,
    Template,
    Text,
    Uuid,
)
from perfengine.spec.meaning.distributions import reference_distribution
from perfengine.spec.meaning.ranges import decimal_range, from_the_start, int_range, time_range
from perfengine.spec.meaning.scalars import plain_scalar, whole_weights
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.generator_parts import GENERATORS
from perfengine.spec.shape.words import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perfengine.model.generator import Generator, Scalar
    from perfengine.model.mistake import Position
    from perfengine.spec.meaning.tables import KnownTables
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.generator_parts import GeneratorPart

_MARK: Final = re.compile(r"\{([^{}]*)\}")
_MARKS: Final = ("{index}", "{word}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenGenerator:
    """A generator of a document and what is needed to read it."""

    part: GeneratorPart
    position: Position
    tables: KnownTables
    mistakes: Mistakes
    #: reads the values of a choice: by default as YAML 1.2 does, a word in quotes being text
    scalar: Callable[[Word], Scalar] = plain_scalar


def build_generator(written: WrittenGenerator) -> Generator | None:
    """Return what makes the values; None when it is wrong, and the mistake noted."""
    part, kinds = written.part, written.part.kinds
    if len(kinds) != 1:
        _note_kinds(written)
        return None
    if "ref" not in kinds:
        _refuse_beside(part, written.mistakes)
    if getattr(part, kinds[0]) is None:
        return None  # it was taken away for what is wrong in it
    generator = _BUILDERS[kinds[0]](written)
    return OrNull(share=part.null, generator=generator) if part.null else generator


def _note_kinds(written: WrittenGenerator) -> None:
    part, kinds = written.part, written.part.kinds
    if kinds:
        place = part.node.origin.keys_at[kinds[1]]
        written.mistakes.add(place, f"one generator is enough, found {' and '.join(kinds)}")
    elif part.node.origin and all(part.accepts(key) for key in part.node.origin):
        written.mistakes.add(written.position, "no generator is named here", allowed=GENERATORS)


def _refuse_beside(part: GeneratorPart, mistakes: Mistakes) -> None:
    for key in ("dist", "s"):
        if getattr(part, key) is not None:
            mistakes.add(
                part.node.keys_at[key], f"{key}: write it inside of the generator; only ref has it beside"
            )


def _choice(written: WrittenGenerator) -> Choice:
    choices = written.part.choice
    assert choices is not None  # noqa: S101 - asked before
    return Choice(
        values=tuple(written.scalar(word) for word in choices.words), weights=whole_weights(choices.weights)
    )


def _constant(written: WrittenGenerator) -> Choice:
    word = Word(text=written.part.const, position=written.part.place("const"))
    return Choice(values=(written.scalar(word),))


def _reference(written: WrittenGenerator) -> ReferenceTo:
    table = written.part.ref or ""
    written.tables.check(table, written.part.place("ref"))
    return ReferenceTo(table=table, distribution=reference_distribution(written.part, written.mistakes))


def _sequence(written: WrittenGenerator) -> Sequence:
    part = written.part.sequence
    assert part is not None  # noqa: S101 - asked before
    if part.step == 0:
        written.mistakes.add(part.place("step"), "step: a step of 0 leads nowhere: write const")
    return Sequence(start=1 if part.start is None else part.start, step=part.step or 1)


def _template(written: WrittenGenerator) -> Template:
    text, place = written.part.template or "", written.part.place("template")
    marks = {match[0] for match in _MARK.finditer(text)}
    for mark in sorted(marks.difference(_MARKS)):
        written.mistakes.add(place, f"template: unknown mark {quoted(mark)}", allowed=_MARKS, found=mark)
    if not marks:
        written.mistakes.add(
            place, "template: there is no mark in it: write const, or one of", allowed=_MARKS
        )
    return Template(text=text)


def _text(written: WrittenGenerator) -> Text:
    part = written.part.text
    return Text(length=part.length) if part and part.length else Text()


def _chance(written: WrittenGenerator) -> Chance:
    part = written.part.bool
    return Chance() if part is None or part.p is None else Chance(probability=part.p)


def _numbers(written: WrittenGenerator) -> Generator:
    part, mistakes = written.part, written.mistakes
    if part.int:
        return int_range(part.int, mistakes)
    if part.float:
        return decimal_range(part.float, NumberType.FLOAT, mistakes)
    assert part.decimal is not None  # noqa: S101 - asked before
    return decimal_range(part.decimal, NumberType.DECIMAL, mistakes)


def _times(written: WrittenGenerator) -> Generator:
    part, mistakes = written.part, written.mistakes
    between = part.date or part.timestamp
    if between:
        return time_range(between, mistakes)
    span = part.ago or part.ahead
    assert span is not None  # noqa: S101 - asked before
    return from_the_start(span, "ago" if part.ago else "ahead", mistakes)


_BUILDERS: Final[Mapping[str, Callable[[WrittenGenerator], Generator]]] = {
    "uuid": lambda _: Uuid(),
    "bool": _chance,
    "text": _text,
    "template": _template,
    "sequence": _sequence,
    "choice": _choice,
    "const": _constant,
    "ref": _reference,
    **dict.fromkeys(("int", "float", "decimal"), _numbers),
    **dict.fromkeys(("date", "timestamp", "ago", "ahead"), _times),
}
