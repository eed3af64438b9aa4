"""Pass: which entities take part, and whether tables can be made of them at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.sql_types import INTEGERS, TEXTS
from perfengine.errors import PlanError
from perfengine.model.entity import FieldType
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity, StateMachine

_KEY_TYPES: Final = INTEGERS | TEXTS | {FieldType.UUID}
#: A generated key is the 32 hex digits of a digest.
_KEY_DIGITS: Final = 32


def take_entities(draft: Draft) -> Draft:
    """Return the draft with the enabled entities.

    Raises: PlanError with a line for each thing of which no table can be made.
    """
    enabled = tuple(one for one in draft.scenario.entities if one.performance.enabled)
    skipped = [one.entity.name for one in draft.scenario.entities if not one.performance.enabled]
    notes = [f'entity "{name}" is skipped: its performance settings say enabled: false' for name in skipped]
    if not enabled and not draft.scenario.workload.operations:
        notes.append("there is nothing to run: no entity is enabled")
    problems = [*_repeated("entity", [one.entity.name for one in enabled])]
    for one in enabled:
        problems += [f'entity "{one.entity.name}": {problem}' for problem in _problems(one.entity)]
    if problems:
        raise PlanError("\n".join(problems))
    return replace(draft, entities=enabled, notes=(*draft.notes, *notes))


def _problems(entity: Entity) -> Iterator[str]:
    names = [field.name for field in entity.fields]
    yield from _bad_identifiers([entity.name, *names])
    yield from _repeated("field", names)
    yield from _repeated("rule", [rule.name for rule in entity.rules])
    if entity.name.startswith("pg_"):
        yield "a name that begins with pg_ belongs to PostgreSQL itself; call it something else"
    if "id" in names:
        yield from _key_problems(entity)
    else:
        yield "it has no field id, its key"
    for rule in entity.rules:
        if rule.field not in names:
            yield f'rule "{rule.name}" is about field "{rule.field}", which is none of: {", ".join(names)}'
    if entity.machine is not None:
        yield from _machine_problems(entity, entity.machine)


def _key_problems(entity: Entity) -> Iterator[str]:
    key = entity.key
    if key.type not in _KEY_TYPES:
        allowed = ", ".join(sorted(_KEY_TYPES))
        yield f"its key id has type {key.type}; keys can be made of these types: {allowed}"
    elif key.type is FieldType.STRING and key.length < _KEY_DIGITS:
        yield f"its key id holds {key.length} characters; a generated key has {_KEY_DIGITS}: string({_KEY_DIGITS})"


def _machine_problems(entity: Entity, machine: StateMachine) -> Iterator[str]:
    field = next((field for field in entity.fields if field.name == machine.field), None)
    if field is None:
        yield f'its state machine works on field "{machine.field}", which it does not have'
    elif field.name == "id" or field.type not in TEXTS:
        yield f'its state field "{field.name}" has type {field.type}; states are kept in a string or text field'
    elif field.type is FieldType.STRING:
        longest = max((*machine.states, machine.initial_state), key=len)
        if len(longest) > field.length:
            yield f'state "{longest}" has {len(longest)} characters, field "{field.name}" holds {field.length}'


def _bad_identifiers(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            quote_identifier(name)
        except ValueError as error:
            yield str(error)


def _repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f'{count} of them are called "{name}"; one {what}, one name'
