"""Which table a field means when it says `ref(Company)`, and of what type its key is: known from all files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.spec.dialects.names import same_entity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.entity import Entity, Field


def settle_references(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """Return the entities, their references by the names of the tables and of the types of their keys."""
    return {name: _settled(entity, entities) for name, entity in entities.items()}


def _settled(entity: Entity, entities: Mapping[str, Entity]) -> Entity:
    return replace(entity, fields=tuple(_field(field, entities) for field in entity.fields))


def _field(field: Field, entities: Mapping[str, Entity]) -> Field:
    if field.references is None:
        return field
    target = meant(field.references, entities)
    if target is None or not any(one.name == "id" for one in target.fields):
        return field
    key = target.key
    return replace(field, references=target.name, type=key.type, length=key.length)


def meant(word: str, entities: Mapping[str, Entity]) -> Entity | None:
    """Return the entity that a word means: of that name, else of one spelled otherwise."""
    if word in entities:
        return entities[word]
    return next((entity for name, entity in entities.items() if same_entity(name, word)), None)
