"""The reading operations: by state, by several conditions, by key. They see exactly the rows of the data set."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from perfengine.compiler.sql_types import INTEGERS, NUMBERS
from perfengine.model.entity import FieldType, NotBuilt
from perfengine.model.operation import Constant, DataSetKey, Expectation, Group, Kind, Operation, Success
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.entity import Entity, Field

#: One row comes back: a count, or the row asked for.
_ONE_ROW = Expectation(success=Success.ROWS, count=1)
#: A search by one condition is no complex one.
_LEAST_TERMS = 2
_LEAST_NUMBER = 100
_RECENT = timedelta(days=30)


def status_query(entity: Entity) -> list[Operation]:
    """Return the count of rows in the initial state; nothing without a state machine."""
    if entity.machine is None:
        return []
    table, state = entity.sql, quote_identifier(entity.machine.field)
    return [
        Operation(
            name=f"{entity.name}_status_query",
            entity=entity.name,
            group=Group.STATE_MACHINE,
            kind=Kind.SIMPLE_SELECT,
            sql=f"SELECT count(*) FROM {table} WHERE {state} = $1",
            parameters=(Constant(value=entity.machine.initial_state),),
            expectation=_ONE_ROW,
            default_iterations=1000,
        )
    ]


def complex_search(entity: Entity) -> list[Operation]:
    """Return the count by state, amount and age; nothing where the entity has fewer than two of the three."""
    terms = _terms(entity)
    if len(terms) < _LEAST_TERMS:
        return []
    conditions = " AND ".join(f"{left} ${n}{cast}" for n, (left, cast, _) in enumerate(terms, start=1))
    return [
        Operation(
            name=f"complex_{entity.name}_search",
            entity=entity.name,
            group=Group.CRUD if entity.machine is None else Group.STATE_MACHINE,
            kind=Kind.COMPLEX_JOIN,
            sql=f"SELECT count(*) FROM {entity.sql} WHERE {conditions}",
            parameters=tuple(constant for _, _, constant in terms),
            expectation=_ONE_ROW,
            default_iterations=500,
        )
    ]


def why_no_search(entity: Entity) -> NotBuilt | None:
    """Return that there is no `complex_search` of the entity, and why; None where there is one."""
    terms = _terms(entity)
    if len(terms) >= _LEAST_TERMS:
        return None
    there = f"there is only {terms[0][0].split()[0]}" if terms else "there is none"
    reason = f"it needs two of: a state, a field with an amount, a field of type timestamp; {there}"
    return NotBuilt(name=f"complex_{entity.name}_search", reason=reason)


def query(entity: Entity) -> Operation:
    """Return the read of one row by its key, every column by name."""
    columns = ", ".join(quote_identifier(field.name) for field in entity.fields)
    table, key = entity.sql, quote_identifier(entity.key.name)
    return Operation(
        name=f"{entity.name}_query",
        entity=entity.name,
        group=Group.CRUD,
        kind=Kind.SIMPLE_SELECT,
        sql=f"SELECT {columns} FROM {table} WHERE {key} = $1",
        parameters=(DataSetKey(),),
        expectation=_ONE_ROW,
        default_iterations=1000,
    )


def _terms(entity: Entity) -> list[tuple[str, str, Constant]]:
    """Return the conditions: what stands before the parameter, the cast after it, and its value."""
    terms: list[tuple[str, str, Constant]] = []
    if entity.machine is not None:
        machine = entity.machine
        state = machine.transitions[0].target if machine.transitions else machine.initial_state
        terms.append((f"{quote_identifier(machine.field)} =", "", Constant(value=state)))
    if number := _first_number(entity):
        terms.append((f"{quote_identifier(number.name)} >", "", _least(number)))
    instant = next((field for field in entity.fields if field.type is FieldType.TIMESTAMP), None)
    if instant:
        # without the cast the server takes the parameter of `now() - $1` for a timestamp
        left = f"{quote_identifier(instant.name)} > now() -"
        terms.append((left, "::interval", Constant(value=_RECENT)))
    return terms


def _first_number(entity: Entity) -> Field | None:
    """Return the first field that holds a quantity: no key, and no key of another table."""
    keys = {entity.key.name, *(reference.field for reference in entity.references)}
    if entity.server is not None:
        keys.update((*entity.server.linked, *entity.server.fixed))
    return next((field for field in entity.fields if field.type in NUMBERS and field.name not in keys), None)


def _least(field: Field) -> Constant:
    if field.type in INTEGERS:
        return Constant(value=_LEAST_NUMBER)
    return Constant(value=float(_LEAST_NUMBER) if field.type is FieldType.FLOAT else Decimal(_LEAST_NUMBER))
