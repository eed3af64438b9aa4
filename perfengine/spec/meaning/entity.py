"""An entity document to an `Entity`: its fields and key, and the patterns on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.entity import Entity, Field, FieldType
from perfengine.spec.meaning.machine import build_machine
from perfengine.spec.meaning.rules import build_rules
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.entity_parts import StateMachinePart, ValidationPart

if TYPE_CHECKING:
    from perfengine.model.entity import Rule, StateMachine
    from perfengine.spec.meaning.draft import Document
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.entity_parts import FieldPart

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
        notes.append(f'{document.position.path}: entity "{name}" has no field id: a uuid key is added')
        fields = (Field(name="id", type=FieldType.UUID), *fields)
    machine, rules = _patterns(document, name, fields, mistakes)
    return Entity(name=name, fields=fields, machine=machine, rules=rules)


def referred_tables(document: Document) -> tuple[str, ...]:
    """Return the tables that the fields of a document refer to; a field with a wrong type counts, as it may."""
    part = document.part
    fields = {name: _plain_field(name, field) for name, field in (part.fields or {}).items()}
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
    if part.type.nullable and part.nullable is False:
        mistakes.add(
            part.place("nullable"), f'nullable: the "?" of {quoted(name)} says true: keep one of them'
        )
    return _plain_field(name, part)


def _plain_field(name: str, part: FieldPart) -> Field:
    word = part.type
    return Field(
        name=name,
        type=word.type,
        nullable=word.nullable or bool(part.nullable),
        precision=word.precision,
        scale=word.scale,
        length=word.length,
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
) -> tuple[StateMachine | None, tuple[Rule, ...]]:
    parts = document.part.patterns or []
    machines = [part for part in parts if isinstance(part, StateMachinePart)]
    validations = [part for part in parts if isinstance(part, ValidationPart)]
    for surplus in machines[1:]:
        mistakes.add(surplus.place("name"), "an entity has one state machine: this is another")
    declared = frozenset(document.fields)
    machine = build_machine(machines[0], name, fields, declared, mistakes) if machines else None
    return machine, build_rules(validations, name, declared | {"id"} if declared else declared, mistakes)
