"""Pass: `data:`, how the values of fields are made where the author says it."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING, Final

from perfengine.compiler.generators import table_drawn_from
from perfengine.compiler.mistakes import unknown_word
from perfengine.compiler.quotas import quotas_of
from perfengine.model.generator import Choice, StateOf
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.compiler.draft import Draft
    from perfengine.model.generator import Generator
    from perfengine.model.scenario import FieldData
    from perfengine.model.table import Column, Table

#: Rows after which the turn of weighted states begins again, at most.
MAX_TURN: Final = 100


def take_field_data(draft: Draft) -> Draft:
    """Return the draft with other generators in its tables, and a mistake for each that no column can have."""
    skipped = {one.entity.name for one in draft.scenario.entities if not one.performance.enabled}
    for data in (data for data in draft.scenario.data if data.entity not in skipped):
        found = _mistake(data, draft)
        if found is not None:
            draft = draft.finding([found])
            continue
        table = draft.table(data.entity)
        changed = replace(table, columns=tuple(_changed(column, data) for column in table.columns))
        tables = tuple(changed if one is table else one for one in draft.tables)
        draft = replace(draft, tables=tables, notes=(*draft.notes, *_rounding(data, table)))
    return draft


def _mistake(data: FieldData, draft: Draft) -> Mistake | None:
    by_name = {table.name: table for table in draft.tables}
    if data.entity not in by_name:
        return unknown_word(data.position, "entity", data.entity, by_name)
    table = by_name[data.entity]
    columns = {column.name: column for column in table.columns}
    if data.field not in columns:
        return unknown_word(data.position, f"field of {table.name}", data.field, columns)
    message = _refusal(columns[data.field], data.generator, table, by_name)
    return None if message is None else Mistake(position=data.position, message=message)


def _refusal(column: Column, generator: Generator, table: Table, tables: dict[str, Table]) -> str | None:
    if column is table.key:
        return f"{table.name}.{column.name} is the key: its values follow from the row's number"
    if isinstance(column.generator, StateOf):
        return _state_refusal(column, generator)
    drawn = table_drawn_from(generator)
    if drawn is not None and drawn not in tables:
        return f'there is no table "{drawn}" to refer to; known: {", ".join(tables)}'
    if column.references not in {None, drawn}:
        return (
            f"{table.name}.{column.name} refers to {column.references}, and takes keys of no other kind:"
            f" ref: {column.references}"
        )
    return None


def _state_refusal(column: Column, generator: Generator) -> str | None:
    if not isinstance(generator, Choice):
        return f"{column.name} holds the state: give its states with their weights, choice: {{...}}"
    known = column.generator.states if isinstance(column.generator, StateOf) else ()
    unknown = [str(value) for value in generator.values if str(value) not in known]
    if unknown:
        return f"no state of the machine: {', '.join(unknown)}; known: {', '.join(known)}"
    return None


def _changed(column: Column, data: FieldData) -> Column:
    if column.name != data.field:
        return column
    if isinstance(column.generator, StateOf) and isinstance(data.generator, Choice):
        return replace(column, generator=_weighted(column.generator, data.generator))
    return replace(column, generator=data.generator)


def _rounding(data: FieldData, table: Table) -> list[str]:
    weights = data.generator.weights if isinstance(data.generator, Choice) else ()
    is_state = isinstance(table.column(data.field).generator, StateOf)
    if not is_state or sum(weights) <= MAX_TURN * gcd(*weights):
        return []
    return [f"the weights of {table.name}.{data.field} are rounded to hundredths, none of them to nothing"]


def _weighted(states: StateOf, choice: Choice) -> StateOf:
    """Return the states in a turn in which each comes as often as it weighs.

    The turn begins with the initial state where that is among them: it is the state of a row that nobody asked a
    state for. Rows of operations are in states of their own, whatever the turn.
    """
    weights = choice.weights or (1,) * len(choice.values)
    divisor = gcd(*weights)
    counts = [weight // divisor for weight in weights]
    if sum(counts) > MAX_TURN:
        counts = list(quotas_of(weights, MAX_TURN))
    turn = _interleaved([str(value) for value in choice.values], counts)
    start = turn.index(states.states[0]) if states.states[0] in turn else 0
    return StateOf(states=(*turn[start:], *turn[:start]))


def _interleaved(values: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Return each value as often as it counts, spread so that every stretch has about the same shares."""
    total, credit = sum(counts), [0] * len(counts)
    turn = []
    for _ in range(total):
        credit = [have + count for have, count in zip(credit, counts, strict=True)]
        best = max(range(len(counts)), key=credit.__getitem__)
        credit[best] -= total
        turn.append(values[best])
    return turn
