"""Which field refers to which table, and the tables in an order in which they can be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.entity import Entity, FieldType, Reference


@dataclass(slots=True)
class References:
    """The references that become foreign keys; filled by `resolve_references`."""

    tables: dict[tuple[str, str], str] = field(default_factory=dict)  #: (entity, field) to table
    parents: dict[str, FieldType] = field(default_factory=dict)  #: minimal parent tables to their key type
    notes: list[str] = field(default_factory=list)

    def targets_of(self, entity: str) -> list[str]:
        """Return the tables that `entity` refers to, in field order."""
        return [table for (name, _), table in self.tables.items() if name == entity]


def resolve_references(entities: Sequence[Entity]) -> References:
    """Return the references of all entities; one that cannot become a foreign key leaves a note instead."""
    found = References()
    by_name = {entity.name: entity for entity in entities}
    for entity in entities:
        for reference in entity.references:
            refusal = _refusal(entity, reference, by_name, found)
            if refusal:
                found.notes.append(f"{entity.name}.{reference.field} has no foreign key: {refusal}")
                continue
            found.tables[entity.name, reference.field] = reference.table
            if reference.table not in by_name:
                found.parents.setdefault(reference.table, entity.field(reference.field).type)
    return found


def table_order(entities: Sequence[Entity], references: References) -> list[str]:
    """Return the names of all tables, each after those it refers to."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for table in references.targets_of(name):
            visit(table)
        ordered[name] = None

    for entity in entities:
        visit(entity.name)
    return list(ordered)


def _refusal(
    entity: Entity, reference: Reference, by_name: dict[str, Entity], found: References
) -> str | None:
    """Return why the reference cannot become a foreign key; None when it can."""
    if reference.table.startswith("pg_"):
        return f'"{reference.table}" would be a name of PostgreSQL itself'
    own_type = entity.field(reference.field).type
    target = by_name.get(reference.table)
    key_type = target.key.type if target else found.parents.get(reference.table, own_type)
    if key_type is not own_type:
        return f"it has type {own_type}, the key of {reference.table} has type {key_type}"
    if reference.table == entity.name:
        return "it refers to its own table, whose rows are made in any order"
    if entity.name in _reachable(reference.table, found):
        return f"{reference.table} refers back to {entity.name}, and one of the two tables comes first"
    return None


def _reachable(start: str, found: References) -> set[str]:
    """Return the table with all that it refers to, each looked at once: the ways to one may be millions."""
    reached, waiting = {start}, [start]
    while waiting:
        new = [table for table in found.targets_of(waiting.pop()) if table not in reached]
        reached.update(new)
        waiting += new
    return reached
