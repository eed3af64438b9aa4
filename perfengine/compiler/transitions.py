"""The transition functions of the sandbox: one UPDATE that changes a row only in a source state, so nothing races."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.compiler.sql_types import DATES, argument_type
from perfengine.model.sql import quote_identifier, quote_literal
from perfengine.model.table import Function

if TYPE_CHECKING:
    from perfengine.model.entity import Entity, StateMachine, Transition

#: SQLSTATE raise_exception: what the function says no with.
REFUSED_SQLSTATE = "P0001"
UPDATED_AT = "updated_at"


def transition_function(entity: Entity, machine: StateMachine, transition: Transition, name: str) -> Function:
    """Return the function `name` that takes a key and returns it, or raises P0001 and changes nothing.

    Its argument has no name: it is `$1`, which no column can be called.
    """
    key_type = argument_type(entity.key)
    body = _body(entity, machine, transition)
    tag = _dollar_tag(body)
    ddl = (
        f"CREATE FUNCTION {quote_identifier(name)}({key_type}) RETURNS {key_type}"
        f" LANGUAGE plpgsql VOLATILE AS {tag}\n{body}\n{tag}"
    )
    return Function(name=name, arguments=key_type, ddl=ddl)


def sets_updated_at(entity: Entity) -> bool:
    """Return whether the entity has a timestamp `updated_at` that every change brings up to date."""
    return any(field.name == UPDATED_AT and field.type in DATES for field in entity.fields)


def one_of(states: tuple[str, ...]) -> str:
    """Return the right side of a condition on the state: `= 'pending'` or `IN ('pending', 'paid')`."""
    if len(states) == 1:
        return f"= {quote_literal(states[0])}"
    return f"IN ({', '.join(map(quote_literal, states))})"


def _body(entity: Entity, machine: StateMachine, transition: Transition) -> str:
    table, key, state = map(quote_identifier, (entity.name, entity.key.name, machine.field))
    touched = f", {quote_identifier(UPDATED_AT)} = now()" if sets_updated_at(entity) else ""
    # the guard ends on a line of its own, in case it ends in a comment
    guard = f"\n     AND (\n{transition.guard}\n     )" if transition.guard else ""
    # The message is constant, so that refusals can be counted by what they say.
    # use_column: a guard may read a column called "found", which PL/pgSQL has a variable for.
    return (
        "#variable_conflict use_column\n"
        "BEGIN\n"
        f"  UPDATE {table}\n"
        f"     SET {state} = {quote_literal(transition.target)}{touched}\n"
        f"   WHERE {key} = $1\n"
        f"     AND {state} {one_of(transition.sources)}{guard};\n"
        "  IF NOT FOUND THEN\n"
        f"    RAISE EXCEPTION USING MESSAGE = {quote_literal(_message(entity, transition))};\n"
        "  END IF;\n"
        "  RETURN $1;\n"
        "END"
    )


def _message(entity: Entity, transition: Transition) -> str:
    return f'invalid transition "{transition.trigger}" of "{entity.name}"'


def _dollar_tag(body: str) -> str:
    """Return a dollar quote that does not occur in the body, whatever names and guards hold."""
    tag, number = "$pe$", 0
    while tag in body:
        number += 1
        tag = f"$pe{number}$"
    return tag
