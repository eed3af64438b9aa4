"""An entity document to an `Entity`: its fields and key, and the patterns on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.entity import Entity, Field, FieldType
from perfengine.model.mistake import printable
from perfengine.spec.dialects.names import table_name
from perfengine.spec.meaning.field_words import check_field, may_be_null
from perfengine.spec.meaning.indexes import build_indexes
from perfengine.spec.meaning.machine import build_machine
from perfengine.spec.meaning.rules import build_rules
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.entity_parts import StateMachinePart, ValidationPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.entity import NotBuilt, Rule, StateMachine
    from perfengine.spec.meaning.draft import Document
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.field_parts import FieldPart

KEY_TYPES: Final = (FieldType.BIGINT, FieldType.INTEGER, FieldType.STRING, FieldType.TEXT, FieldType.UUID)
#: A generated text key is the 32 hex digits of a digest.
_KEY_CHARACTERS: Final = 32
#: Columns that every PostgreSQL table has.
_SYSTEM_COLUMNS: Final = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
_MAX_FIELDS: Final = 1000


def build_entity(document: Document, mistakes: Mistakes, notes: list[str]) -> Entity | None:
    """Return the entity of a document, None without a name; every mistake is noted, a key that is added too."""
    name = _name(document, mistakes)
    fields = _fields(document, mistakes)
    if name is None:
        return None
    if fields and "id" not in document.fields:
        if not document.spelled.long_form:
            notes.append(f'{document.position.path}: entity "{name}" has no field id: a uuid key is added')
        fields = (Field(name="id", type=FieldType.UUID), *fields)
    own = (*document.spelled.notes, *_kept_as(document))
    notes += [printable(f"{document.position.path}: {note}") for note in own]
    machine, (rules, unbuilt) = _patterns(document, name, fields, mistakes)
    return Entity(
        name=name,
        fields=fields,
        machine=machine,
        rules=rules,
        schema=document.part.schema_,
        indexes=build_indexes(document, fields, mistakes, notes),
        not_built=(*document.spelled.not_built, *unbuilt),
    )


def _kept_as(document: Document) -> Iterator[str]:
    """Yield a line for fields whose column is not what a server has for them."""
    kept = [
        f"{name} ({field.type.kept_as})"
        for name, field in (document.part.fields or {}).items()
        if field.type.kept_as
    ]
    if kept:
        yield f"kept in another type than they say: {', '.join(kept)}"


def referred_tables(document: Document) -> tuple[str, ...]:
    """Return the tables that the fields of a document refer to; a field with a wrong type counts, as it may."""
    part = document.part
    fields = {name: _plain_field(name, field, document) for name, field in (part.fields or {}).items()}
    unread = (Field(name=name, type=FieldType.UUID) for name in document.fields if name not in fields)
    references = Entity(name="", fields=(*fields.values(), *unread)).references
    return tuple(reference.table for reference in references)


def _name(document: Document, mistakes: Mistakes) -> str | None:
    part, root = document.part, document.root
    if "name" not in root and "entity" not in root:
        mistakes.add(document.position, 'an entity needs "name"')
        return None
    if part.name and part.entity and part.name != part.entity:
        message = f"name says {quoted(part.name)} and entity says {quoted(part.entity)}: keep one of them"
        mistakes.add(root.values_at["entity"], message)
    name = document.name
    if name and name.casefold().startswith("pg_"):
        mistakes.add(document.name_place, f"{quoted(name)}: names that begin with pg_ belong to PostgreSQL")
    return name


def _fields(document: Document, mistakes: Mistakes) -> tuple[Field, ...]:
    parts, root = document.part.fields, document.root
    if "fields" not in root:
        mistakes.add(
            document.position, 'an entity needs "fields", such as fields: {id: uuid, status: string}'
        )
    elif root["fields"] == {}:
        mistakes.add(
            root.values_at["fields"], "fields: there is none: write name: type lines, such as id: uuid"
        )
    if not parts:
        return ()
    if len(parts) > _MAX_FIELDS:
        mistakes.add(
            root.keys_at["fields"], f"fields: there are {len(parts)}, a table has at most {_MAX_FIELDS}"
        )
    fields = tuple(_field(name, part, document, mistakes) for name, part in parts.items())
    for field in fields:
        if field.name == "id":
            _check_key(field, document, mistakes)
    return fields


def _field(name: str, part: FieldPart, document: Document, mistakes: Mistakes) -> Field:
    if name in _SYSTEM_COLUMNS:
        message = f"{quoted(name)} is a column that PostgreSQL itself puts in every table"
        mistakes.add(document.fields.keys_at[name], message)
    check_field(name, part, document.fields.values_at[name], mistakes)
    return _plain_field(name, part, document)


def _plain_field(name: str, part: FieldPart, document: Document) -> Field:
    word = part.type
    target = part.references or (word.targets[0] if len(word.targets) == 1 else None)
    return Field(
        name=name,
        type=word.type,
        nullable=may_be_null(name, part, long_form=document.spelled.long_form),
        precision=word.precision,
        scale=word.scale,
        length=word.length,
        values=part.values or word.values,
        low=word.low if part.min is None else part.min,
        high=word.high if part.max is None else part.max,
        like=word.like,
        references=None if target is None else table_name(target.rpartition(".")[2]),
    )


def _check_key(key: Field, document: Document, mistakes: Mistakes) -> None:
    position = document.fields.values_at[key.name]
    if key.type not in KEY_TYPES:
        mistakes.add(position, f"id: a key cannot be of type {key.type}", allowed=KEY_TYPES)
    elif key.type is FieldType.STRING and key.length < _KEY_CHARACTERS:
        mistakes.add(
            position,
            f"id: a generated key has {_KEY_CHARACTERS} characters, string({key.length}) holds fewer",
        )
    if key.nullable:
        mistakes.add(position, "id: a key cannot be NULL: remove the ? or nullable")


def _patterns(
    document: Document, name: str, fields: tuple[Field, ...], mistakes: Mistakes
) -> tuple[StateMachine | None, tuple[tuple[Rule, ...], tuple[NotBuilt, ...]]]:
    parts = document.part.patterns or []
    machines = [part for part in parts if isinstance(part, StateMachinePart)]
    validations = [part for part in parts if isinstance(part, ValidationPart)]
    for surplus in machines[1:]:
        mistakes.add(surplus.place("name"), "an entity has one state machine: this is another")
    declared = frozenset(document.fields)
    actions = document.spelled.action_triggers
    machine = build_machine(machines[0], name, fields, declared, actions, mistakes) if machines else None
    return machine, build_rules(validations, name, declared | {"id"} if declared else declared, mistakes)
