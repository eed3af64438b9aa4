"""Pass: each validation rule as a CHECK constraint of its table, with values to try it with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.candidates import Literals, candidates_of, literals_of
from perfengine.compiler.expression import fields_read, tokens_of
from perfengine.compiler.generators import states_in_turn
from perfengine.model.sql import shorten_identifier
from perfengine.model.table import Check

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity, Rule, Transition
    from perfengine.model.table import Table


def write_checks(draft: Draft) -> Draft:
    """Return the draft with CHECKs on its tables; a rule that no CHECK can hold leaves a note instead."""
    checks: dict[str, tuple[Check, ...]] = {}
    notes: list[str] = []
    for entity in (one.entity for one in draft.entities):
        refusals = {rule.name: _refusal(rule.expression) for rule in entity.rules}
        table = draft.table(entity.name)
        checks[entity.name] = tuple(
            _check(table, entity, rule) for rule in entity.rules if not refusals[rule.name]
        )
        notes += [
            f'rule "{rule}" of {entity.name} is not compiled: {refusal}'
            for rule, refusal in refusals.items()
            if refusal
        ]
    tables = tuple(replace(table, checks=checks.get(table.name, ())) for table in draft.tables)
    return replace(draft, tables=tables, notes=(*draft.notes, *notes))


def _refusal(expression: str) -> str | None:
    """Return why the expression cannot be a CHECK constraint; None where nothing speaks against it."""
    tokens = tokens_of(expression)
    if not tokens:
        return "it says nothing"
    if len(tokens) > 1 and tokens[1].is_symbol("(") and tokens[0].is_word("unique", "exclude"):
        return f"{tokens[0].text.upper()} is a constraint of its own kind, and no boolean expression"
    if any(token.is_word("select") for token in tokens):
        return "it reads other rows, which a CHECK constraint cannot"
    return None


def _check(table: Table, entity: Entity, rule: Rule) -> Check:
    fields = _varied(table, rule.expression, rule.field) or (rule.field,)
    return Check(
        constraint=shorten_identifier(f"{entity.name}_{rule.name}"),
        rule=rule.name,
        field=rule.field,
        expression=rule.expression,
        fields=fields,
        candidates=_tries(entity, fields, rule.expression),
    )


def guard_check(table: Table, entity: Entity, transition: Transition) -> Check | None:
    """Return the guard of a transition as something to find values for; None where it has no guard."""
    if transition.guard is None:
        return None
    fields = _varied(table, transition.guard, "")
    if entity.machine is not None:  # its rows are in the source states, whatever the guard says
        fields = tuple(name for name in fields if name != entity.machine.field)
    return Check(
        constraint="",
        rule=f"guard of {transition.trigger}",
        field=fields[0] if fields else "",
        expression=transition.guard,
        fields=fields,
        candidates=_tries(entity, fields, transition.guard),
    )


def _tries(
    entity: Entity, fields: tuple[str, ...], expression: str
) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    literals = literals_of(expression)
    return tuple((field, _candidates(entity, field, literals)) for field in fields)


def _varied(table: Table, expression: str, first: str) -> tuple[str, ...]:
    """Return the fields whose values decide about an expression, `first` before the others.

    Key and references are left as they are wherever the rule reads anything else: a row keeps its own key, and
    refers to rows that exist.
    """
    read = fields_read(expression, {column.name for column in table.columns})
    ordered = tuple(sorted(read, key=lambda name: name != first))
    tied = {table.key.name, *(column.name for column in table.columns if column.references)}
    return tuple(name for name in ordered if name not in tied) or ordered


def _candidates(entity: Entity, field: str, literals: Literals) -> tuple[str | None, ...]:
    if entity.machine is not None and field == entity.machine.field:
        return states_in_turn(entity.machine)
    return candidates_of(entity.field(field), literals)
