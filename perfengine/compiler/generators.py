"""How the values of a column are made: from its type, the state machine, its reference and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.compiler.narrowing import narrow_numbers, narrow_words
from perfengine.compiler.sql_types import DATES, NUMBERS
from perfengine.model.comparisons import Comparison
from perfengine.model.generator import (
    Choice,
    Free,
    Generator,
    OrNull,
    Recent,
    ReferenceTo,
    StateOf,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.entity import Entity, Field, StateMachine


def generator_of(
    field: Field, entity: Entity, parent: str | None, comparisons: Sequence[Comparison]
) -> Generator:
    """Return how values of `field` are made; `parent` is the table it refers to, `comparisons` those of all rules."""
    if field.name == entity.key.name:
        return Free()
    if entity.machine is not None and field.name == entity.machine.field:
        return StateOf(states=states_in_turn(entity.machine))
    if parent is not None:
        return ReferenceTo(table=parent)
    return _from_rules(field, [*_of_type(field), *(c for c in comparisons if c.field == field.name)])


def states_in_turn(machine: StateMachine) -> tuple[str, ...]:
    """Return the states with the initial one first: the state of a row nobody asked a state for."""
    return tuple(dict.fromkeys((machine.initial_state, *machine.states)))


def table_drawn_from(generator: Generator) -> str | None:
    """Return the table whose keys a generator draws; None where it draws none."""
    if isinstance(generator, OrNull):
        return table_drawn_from(generator.generator)
    return generator.table if isinstance(generator, ReferenceTo) else None


def _of_type(field: Field) -> list[Comparison]:
    """Return what the type of a field says about its values, as a rule would."""
    return [Comparison(field=field.name, operator="in", literals=field.values)] if field.values else []


def _from_rules(field: Field, comparisons: Sequence[Comparison]) -> Generator:
    words = narrow_words(field, comparisons)
    if words is not None:
        return words
    if field.type in NUMBERS:
        return narrow_numbers(field, comparisons)
    if field.type in DATES:
        return Recent()
    return _alike(field.like)


def _alike(texts: tuple[str, ...]) -> Generator:
    """Return values that look like `texts`: one of them, or the only one with its places filled in."""
    if not texts:
        return Free()
    is_template = any(place in texts[0] for place in ("{index}", "{word}"))
    return Template(text=texts[0]) if is_template else Choice(values=texts)
