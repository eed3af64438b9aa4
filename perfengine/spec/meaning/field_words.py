"""What the words of a field say together: whether it may be NULL, and where two of them disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType
from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.field_parts import FieldPart

_NUMBERS: Final = (FieldType.BIGINT, FieldType.DECIMAL, FieldType.FLOAT, FieldType.INTEGER)


def may_be_null(name: str, part: FieldPart, *, long_form: bool) -> bool:
    """Return whether a field may be NULL: as it says, else never in the short form and always in the long one."""
    said = _said(part)
    if said:
        return any(said.values())
    return long_form and name != "id"


def check_field(name: str, part: FieldPart, at: Position, mistakes: Mistakes) -> None:
    """Note what is wrong with a field as a whole."""
    said = _said(part)
    if len(set(said.values())) > 1:
        _contradiction(name, part, said, at, mistakes)
    if part.type.maker and not (part.values or part.type.values or part.type.targets or part.references):
        _unmade(part, at, mistakes)
    if part.values and part.type.maker != "enum":
        message = f"values: only an enum has them, {quoted(name)} is {part.type.type}"
        mistakes.add(part.place("values"), message)
    for key in ("min", "max"):
        if getattr(part, key) is not None and part.type.type not in _NUMBERS:
            mistakes.add(part.place(key), f"{key}: only a number has it, {quoted(name)} is {part.type.type}")
    if part.min is not None and part.max is not None and part.min > part.max:
        mistakes.add(part.place("max"), f"max: {part.max} is below min, {part.min}")
    values = part.values or part.type.values
    default = part.default or part.type.default
    if values and default and default not in values:
        place = part.place("default") if part.default else at
        message = f"default: {quoted(default)} is no value of {quoted(name)}"
        mistakes.add(place, message, allowed=values, found=default)


def _said(part: FieldPart) -> dict[str, bool]:
    """Return what says whether NULL is allowed, and which."""
    marks = {True: "?", False: "!"}
    said = {} if part.type.nullable is None else {marks[part.type.nullable]: part.type.nullable}
    if part.nullable is not None:
        said["nullable"] = part.nullable
    if part.required_ is not None:
        said["required"] = not part.required_
    return said


def _contradiction(
    name: str, part: FieldPart, said: dict[str, bool], at: Position, mistakes: Mistakes
) -> None:
    first, *others = said
    word = {True: "true", False: "false"}
    key = next(one for one in others if said[one] is not said[first])
    of_first = said[first] if first != "required" else not said[first]
    verdict = word[said[first]] if key == "nullable" else word[not said[first]]
    what = (
        f'the "{first}" of {quoted(name)} says {verdict}'
        if first in "?!"
        else f"{first} says {word[of_first]}"
    )
    mistakes.add(part.place(key) if key in part.node else at, f"{key}: {what}: keep one of them")


def _unmade(part: FieldPart, at: Position, mistakes: Mistakes) -> None:
    maker = part.type.maker
    if maker == "enum":
        mistakes.add(at, "an enum needs its values, as in enum(pending, paid) or values: [pending, paid]")
    elif maker == "ref":
        mistakes.add(at, "a ref names the entity it refers to, as in ref(Customer)")
    elif not part.type.like:
        mistakes.add(at, "a list says of what, as in list(text)")
