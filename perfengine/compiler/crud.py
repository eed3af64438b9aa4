"""Pass: the operations that follow from the fields alone: create, query, update, bulk update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.compiler.search import query
from perfengine.compiler.sql_types import argument_type
from perfengine.compiler.state_machine import BULK_ROWS
from perfengine.compiler.transitions import UPDATED_AT, sets_updated_at
from perfengine.model.operation import (
    ClaimedKey,
    Constant,
    Effect,
    Expectation,
    FieldValue,
    Group,
    Kind,
    NewKey,
    Operation,
    Parameter,
    RowUse,
    Success,
)
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity, Field


def compile_crud(draft: Draft) -> Draft:
    """Return the draft with the create, query, update and delete operations of every entity."""
    operations: list[Operation] = []
    notes: list[str] = []
    for entity in (one.entity for one in draft.entities):
        operations += [_create(entity), query(entity)]
        assignments, parameters = _assignments(entity)
        if assignments:
            operations += [
                _update(entity, assignments, parameters),
                _bulk_update(entity, assignments, parameters),
            ]
        else:
            notes.append(f"{entity.name} has no field that an update could change: no update operations")
        operations.append(_delete(entity))
    return draft.adding(operations, notes)


def insert_sql(entity: Entity) -> str:
    """Return the INSERT of all columns, parameters numbered in field order."""
    columns = ", ".join(quote_identifier(field.name) for field in entity.fields)
    values = ", ".join(f"${number}" for number in range(1, len(entity.fields) + 1))
    return f"INSERT INTO {quote_identifier(entity.name)} ({columns}) VALUES ({values})"


def new_row_value(entity: Entity, field: Field) -> Parameter:
    """Return where the value of a field comes from in a new row: its key, the initial state, or the generator."""
    if field.name == entity.key.name:
        return NewKey()
    if entity.machine is not None and field.name == entity.machine.field:
        return Constant(value=entity.machine.initial_state)
    return FieldValue(field=field.name)


def _create(entity: Entity) -> Operation:
    return Operation(
        name=f"{entity.name}_create",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.INSERT,
        sql=f"{insert_sql(entity)} RETURNING {quote_identifier(entity.key.name)}",
        parameters=tuple(new_row_value(entity, field) for field in entity.fields),
        expectation=Expectation(success=Success.ROWS, count=1),
        default_iterations=100,
        rows=RowUse(per_attempt=1, effect=Effect.EXISTS, inserts=True),
    )


def _assignments(entity: Entity) -> tuple[list[str], tuple[Parameter, ...]]:
    """Return `"total" = $2` for what an update changes, and its parameters from `$2` on; `$1` is the row."""
    kept = {entity.key.name, "created_at", UPDATED_AT if sets_updated_at(entity) else ""}
    if entity.machine is not None:
        kept.add(entity.machine.field)
    fields = [field for field in entity.fields if field.name not in kept]
    assignments = [f"{quote_identifier(field.name)} = ${n}" for n, field in enumerate(fields, start=2)]
    if sets_updated_at(entity):
        assignments.append(f"{quote_identifier(UPDATED_AT)} = now()")
    return assignments, tuple(FieldValue(field=field.name) for field in fields)


def _update(entity: Entity, assignments: list[str], parameters: tuple[Parameter, ...]) -> Operation:
    table, key = quote_identifier(entity.name), quote_identifier(entity.key.name)
    return Operation(
        name=f"{entity.name}_update",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.UPDATE,
        sql=f"UPDATE {table} SET {', '.join(assignments)} WHERE {key} = $1",
        parameters=(ClaimedKey(), *parameters),
        expectation=Expectation(success=Success.AFFECTED, count=1),
        default_iterations=100,
        rows=RowUse(per_attempt=1, consumed=False),
    )


def _bulk_update(entity: Entity, assignments: list[str], parameters: tuple[Parameter, ...]) -> Operation:
    table, key = quote_identifier(entity.name), quote_identifier(entity.key.name)
    keys = f"ANY($1::{argument_type(entity.key)}[])"
    return Operation(
        name=f"bulk_{entity.name}_update",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.BULK_UPDATE,
        sql=f"UPDATE {table} SET {', '.join(assignments)} WHERE {key} = {keys}",
        parameters=(ClaimedKey(bulk=True), *parameters),
        expectation=Expectation(success=Success.AFFECTED, count=BULK_ROWS),
        default_iterations=10,
        rows=RowUse(per_attempt=BULK_ROWS, consumed=False),
    )


def _delete(entity: Entity) -> Operation:
    return Operation(
        name=f"{entity.name}_delete",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.DELETE,
        sql=f"DELETE FROM {quote_identifier(entity.name)} WHERE {quote_identifier(entity.key.name)} = $1",
        parameters=(ClaimedKey(),),
        expectation=Expectation(success=Success.AFFECTED, count=1),
        default_iterations=100,
        rows=RowUse(per_attempt=1, effect=Effect.GONE),
        optional=True,
    )
