"""Pass: the operations that follow from the fields alone: create, query, update, bulk update, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.picks import picked, search_sql, searches
from perfengine.compiler.search import query
from perfengine.compiler.sql_types import argument_type
from perfengine.compiler.transition_operations import BULK_ROWS
from perfengine.compiler.transitions import UPDATED_AT, sets_updated_at
from perfengine.model.entity import NotBuilt
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
    Pick,
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
    not_built: list[NotBuilt] = []
    for entity in (one.entity for one in draft.entities):
        operations += [_create(entity), query(entity)]
        if _changed_fields(entity) or sets_updated_at(entity):
            operations += [_update(entity, draft.pick), _bulk_update(entity, draft.pick)]
        else:
            not_built += _no_update(entity)
        operations.append(_delete(entity, draft.pick))
    return draft.adding(operations, []).lacking(not_built)


def _no_update(entity: Entity) -> list[NotBuilt]:
    reason = "there is no field that an update could change: key, state and the time of creation stay"
    return [
        NotBuilt(name=name, reason=reason) for name in (f"{entity.name}_update", f"bulk_{entity.name}_update")
    ]


def insert_sql(entity: Entity) -> str:
    """Return the INSERT of all columns, parameters numbered in field order."""
    columns = ", ".join(quote_identifier(field.name) for field in entity.fields)
    values = ", ".join(field.parameter(number) for number, field in enumerate(entity.fields, start=1))
    overrides = entity.server is not None and entity.server.overrides_identity
    overriding = " OVERRIDING SYSTEM VALUE" if overrides else ""
    return f"INSERT INTO {entity.sql} ({columns}){overriding} VALUES ({values})"


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


def _changed_fields(entity: Entity) -> list[Field]:
    kept = {entity.key.name, "created_at", UPDATED_AT if sets_updated_at(entity) else ""}
    if entity.machine is not None:
        kept.add(entity.machine.field)
    if entity.server is not None:
        kept.update(entity.server.fixed)
    return [field for field in entity.fields if field.name not in kept]


def _update(entity: Entity, pick: Pick) -> Operation:
    operation = Operation(
        name=f"{entity.name}_update",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.UPDATE,
        sql=f"{_updating(entity, pick)} = $1",
        parameters=(ClaimedKey(), *_new_values(entity)),
        expectation=Expectation(success=Success.AFFECTED, count=1),
        default_iterations=100,
        rows=picked(RowUse(per_attempt=1, consumed=False), pick),
    )
    return _searching(operation, entity, pick, f"{_updating(entity, pick)} = (", ")")


def _bulk_update(entity: Entity, pick: Pick) -> Operation:
    operation = Operation(
        name=f"bulk_{entity.name}_update",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.BULK_UPDATE,
        sql=f"{_updating(entity, pick)} = ANY($1::{argument_type(entity.key)}[])",
        parameters=(ClaimedKey(bulk=True), *_new_values(entity)),
        expectation=Expectation(success=Success.AFFECTED, count=BULK_ROWS),
        default_iterations=10,
        rows=picked(RowUse(per_attempt=BULK_ROWS, consumed=False), pick),
    )
    # ARRAY: a search under IN may run more than once, and then locks more rows than it may
    return _searching(operation, entity, pick, f"{_updating(entity, pick)} = ANY(ARRAY(", "))")


def _delete(entity: Entity, pick: Pick) -> Operation:
    deleting = f"DELETE FROM {entity.sql} WHERE {quote_identifier(entity.key.name)} ="
    operation = Operation(
        name=f"{entity.name}_delete",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.DELETE,
        sql=f"{deleting} $1",
        parameters=(ClaimedKey(),),
        expectation=Expectation(success=Success.AFFECTED, count=1),
        default_iterations=100,
        rows=picked(RowUse(per_attempt=1, effect=Effect.GONE), pick),
        optional=True,
    )
    return _searching(operation, entity, pick, f"{deleting} (", ")")


def _updating(entity: Entity, pick: Pick) -> str:
    """Return the UPDATE up to the key; its new values are numbered after the key, where that is a parameter."""
    first = 1 if searches(pick) else 2
    fields = enumerate(_changed_fields(entity), start=first)
    assignments = [f"{quote_identifier(field.name)} = {field.parameter(number)}" for number, field in fields]
    if sets_updated_at(entity):
        assignments.append(f"{quote_identifier(UPDATED_AT)} = now()")
    table, key = entity.sql, quote_identifier(entity.key.name)
    return f"UPDATE {table} SET {', '.join(assignments)} WHERE {key}"


def _new_values(entity: Entity) -> tuple[Parameter, ...]:
    return tuple(FieldValue(field=field.name) for field in _changed_fields(entity))


def _searching(operation: Operation, entity: Entity, pick: Pick, before: str, after: str) -> Operation:
    """Return the operation with a search between `before` and `after` where the policy asks for one.

    A search that locks its row never loses it: nothing changed means nothing was found. Without the lock others may
    have been faster, which is a refusal.
    """
    if operation.rows is None or not searches(pick):
        return operation
    count = operation.rows.per_attempt
    sql = f"{before}{search_sql(entity, pick, count)}{after}"
    found = replace(
        operation,
        sql=sql,
        parameters=tuple(one for one in operation.parameters if not isinstance(one, ClaimedKey)),
    )
    if pick is Pick.FIRST:
        return found
    return replace(
        found,
        sql=f"{sql} RETURNING {quote_identifier(entity.key.name)}",
        expectation=Expectation(success=Success.ROWS, count=count, empty_is_starved=True),
    )
