"""The pattern `validation` to rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.entity import NotBuilt, Rule
from perfengine.model.sql import MAX_IDENTIFIER_BYTES
from perfengine.spec.meaning.expression import expression_fault, why_no_check
from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from perfengine.model.mistake import Position
    from perfengine.spec.meaning.expression import Fault
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.entity_parts import RulePart, ValidationPart


def build_rules(
    validations: Sequence[ValidationPart], entity: str, fields: Collection[str], mistakes: Mistakes
) -> tuple[tuple[Rule, ...], tuple[NotBuilt, ...]]:
    """Return the rules of all validations that a CHECK can hold, and the operations that the others do not have.

    `fields` are the names a rule may be about (none: not known).
    """
    rules: dict[str, Rule | None] = {}
    not_built: list[NotBuilt] = []
    fields = dict.fromkeys(sorted(fields))
    for part in (rule for validation in validations for rule in validation.rules):
        _check(part, entity, fields, mistakes)
        if part.name in rules:
            mistakes.add(
                part.place("name"), f"rule {quoted(part.name)} is there twice: give each its own name"
            )
        reason = why_no_check(part.rule)
        rules[part.name] = (
            None if reason else Rule(name=part.name, field=part.field, expression=part.rule.strip())
        )
        if reason:
            names = (f"validate_{entity}_{part.name}_{end}" for end in ("accept", "reject"))
            not_built += [NotBuilt(name=name, reason=reason) for name in names]
    return tuple(rule for rule in rules.values() if rule), tuple(not_built)


def _check(part: RulePart, entity: str, fields: Collection[str], mistakes: Mistakes) -> None:
    if fields and part.field not in fields:
        message = f"rule {quoted(part.name)} is about {quoted(part.field)}, which is no field"
        mistakes.add(part.place("field"), message, allowed=fields, found=part.field)
    fault = None if why_no_check(part.rule) else expression_fault(part.rule)
    if fault:
        mistakes.add(place_in_text(part.place("rule"), part.rule, fault), f"rule: {fault.message}")
    check_made_name(f"{entity}_{part.name}", "constraint", part.place("name"), mistakes)


def check_made_name(name: str, what: str, position: Position, mistakes: Mistakes) -> None:
    """Note a mistake when a name made of others is longer than PostgreSQL keeps."""
    size_bytes = len(name.encode())
    if size_bytes > MAX_IDENTIFIER_BYTES:
        message = (
            f"the {what} {quoted(name)} has {size_bytes} bytes, a name has at most {MAX_IDENTIFIER_BYTES}"
        )
        mistakes.add(position, message)


def place_in_text(position: Position, text: str, fault: Fault) -> Position:
    """Return where a fault inside a scalar shows; the scalar itself when quotes or line ends hide the place."""
    margin = {len(text): 0, len(text) + 2: 1}.get(position.width)
    if margin is None or "\n" in text:
        return position
    return type(position)(
        path=position.path,
        line=position.line,
        column=position.column + margin + fault.index,
        source=position.source,
    )
