"""Pass: each validation rule as a CHECK constraint of its table, with values to try it with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.candidates import Literals, candidates_of, literals_of
from perfengine.compiler.generators import states_in_turn
from perfengine.model.entity import NotBuilt
from perfengine.model.expression import fields_read, tokens_of
from perfengine.model.sql import shorten_identifier
from perfengine.model.table import Check

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity, Rule, Transition
    from perfengine.model.table import Table


def write_checks(draft: Draft) -> Draft:
    """Return the draft with CHECKs on its tables, and what no CHECK can hold among what is not built."""
    checks: dict[str, tuple[Check, ...]] = {}
    not_built: list[NotBuilt] = []
    for entity in (one.entity for one in draft.entities):
        table = draft.table(entity.name)
        checks[entity.name] = tuple(
            check_of(table, entity, rule, shorten_identifier(f"{entity.name}_{rule.name}"))
            for rule in entity.rules
            if not why_no_check(rule.expression)
        )
        not_built += not_checked(entity)
    tables = tuple(replace(table, checks=checks.get(table.name, ())) for table in draft.tables)
    return replace(draft, tables=tables).lacking(not_built)


def not_checked(entity: Entity) -> list[NotBuilt]:
    """Return what an entity says of which there are no operations, and why: rules, and what its reader left out."""
    refusals = {rule.name: why_no_check(rule.expression) for rule in entity.rules}
    rules = [
        NotBuilt(name=f"validate_{entity.name}_{rule}_{end}", reason=refusal)
        for rule, refusal in refusals.items()
        for end in ("accept", "reject")
        if refusal
    ]
    return [*rules, *entity.not_built]


def why_no_check(expression: str) -> str | None:
    """Return why the expression cannot be a CHECK constraint; None where nothing speaks against it."""
    tokens = tokens_of(expression)
    if not tokens:
        return "it says nothing"
    if len(tokens) > 1 and tokens[1].is_symbol("(") and tokens[0].is_word("unique", "exclude"):
        return f"{tokens[0].text.upper()} is a constraint of its own kind, and no boolean expression"
    if any(token.is_word("select") for token in tokens):
        return "it reads other rows, which a CHECK constraint cannot"
    return None


def check_of(table: Table, entity: Entity, rule: Rule, constraint: str) -> Check:
    """Return the rule as a CHECK of its table, under that name, with values to try it with."""
    fields = _varied(table, entity, rule.expression, rule.field) or (rule.field,)
    return Check(
        constraint=constraint,
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
    fields = _varied(table, entity, transition.guard, "")
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


def _varied(table: Table, entity: Entity, expression: str, first: str) -> tuple[str, ...]:
    """Return the fields whose values decide about an expression, `first` before the others.

    Key and references are left as they are wherever the rule reads anything else: a row keeps its own key, and
    refers to rows that exist.
    """
    read = fields_read(expression, {column.name for column in table.columns})
    ordered = tuple(sorted(read, key=lambda name: name != first))
    tied = {table.key.name, *(column.name for column in table.columns if column.references)}
    tied.update(entity.server.linked if entity.server else ())
    return tuple(name for name in ordered if name not in tied) or ordered


def _candidates(entity: Entity, field: str, literals: Literals) -> tuple[str | None, ...]:
    if entity.machine is not None and field == entity.machine.field:
        return states_in_turn(entity.machine)
    return candidates_of(entity.field(field), literals)
