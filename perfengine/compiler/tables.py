"""Pass: the tables of the sandbox, parents before children."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.generators import generator_of
from perfengine.compiler.references import References, resolve_references, table_order
from perfengine.compiler.sql_types import sql_type
from perfengine.model.comparisons import comparisons_of
from perfengine.model.entity import Field
from perfengine.model.generator import Free
from perfengine.model.table import Column, Table

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity, FieldType


def lay_tables(draft: Draft) -> Draft:
    """Return the draft with a table for each entity and a minimal one for each other table referred to."""
    entities = [one.entity for one in draft.entities]
    references = resolve_references(entities)
    made = {entity.name: _entity_table(entity, references) for entity in entities}
    for name, key_type in references.parents.items():
        made[name] = _parent_table(name, key_type)
    tables = tuple(made[name] for name in table_order(entities, references))
    return replace(draft, tables=tables, notes=(*draft.notes, *references.notes))


def _entity_table(entity: Entity, references: References) -> Table:
    comparisons = [comparison for rule in entity.rules for comparison in comparisons_of(rule.expression)]
    columns = []
    for field in (entity.key, *(field for field in entity.fields if field.name != entity.key.name)):
        parent = references.tables.get((entity.name, field.name))
        generator = generator_of(field, entity, parent, comparisons)
        columns.append(Column(field=field, sql_type=sql_type(field), generator=generator, references=parent))
    return Table(name=entity.name, columns=tuple(columns), indexes=entity.indexes)


def _parent_table(name: str, key_type: FieldType) -> Table:
    key = Field(name="id", type=key_type)
    return Table(
        name=name, columns=(Column(field=key, sql_type=sql_type(key), generator=Free()),), parent=True
    )
