"""Pass: the conditions that the server holds rows to, and which of them are the author's rules.

Rows of ours must satisfy all of them. A rule that no constraint holds can be broken by anybody: of it there is only
the operation that is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfengine.compiler.checks import check_of, not_checked, why_no_check
from perfengine.compiler.existing.lay import entity_of, over_column
from perfengine.model.entity import NotBuilt, Rule
from perfengine.model.expression import TokenKind, fields_read, tokens_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from perfengine.compiler.draft import Draft
    from perfengine.compiler.existing.matching import Matched
    from perfengine.model.entity import Entity
    from perfengine.model.table import Check, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """A constraint of the table or of a domain, over columns that rows of ours say."""

    name: str
    expression: str
    columns: tuple[str, ...]


def hold_existing_rules(draft: Draft) -> Draft:
    """Return the draft with the server's conditions on its tables, and reasons why a rule has no `_reject`."""
    tables, not_built = [], list(draft.not_built)
    entities = {one.entity.name: one.entity for one in draft.entities}
    for matched in draft.matched:
        table, entity = draft.table(matched.entity.name), entities.get(matched.entity.name)
        entity = entity or entity_of(matched)  # a parent that nobody described
        checks, unheld = _checks(matched, table, entity)
        tables.append(replace(table, checks=checks))
        not_built += not_checked(entity)
        not_built += [
            NotBuilt(
                name=f"validate_{entity.name}_{rule.name}_reject",
                reason=f'no constraint holds rule "{rule.name}" ({rule.expression}): {_there(matched)}',
            )
            for rule in unheld
        ]
    return replace(draft, tables=tuple(tables), not_built=tuple(not_built))


def _checks(matched: Matched, table: Table, entity: Entity) -> tuple[tuple[Check, ...], list[Rule]]:
    """Return the checks of a table, and the rules that nothing on the server holds."""
    conditions = [*_conditions(matched, table)]
    checks, unheld = [], []
    taken: set[_Condition] = set()  # not by name: that of a domain's is the same for all columns of it
    for rule in (rule for rule in entity.rules if not why_no_check(rule.expression)):
        condition = _holding(rule, entity, matched, [c for c in conditions if c not in taken])
        if condition is None:
            unheld.append(rule)
            checks.append(check_of(table, entity, rule, ""))
        else:
            taken.add(condition)
            real = replace(rule, expression=condition.expression)
            checks.append(check_of(table, entity, real, condition.name))
    names = {rule.name for rule in entity.rules}
    others = (
        check_of(table, entity, _rule_of(condition, names), condition.name)
        for condition in conditions
        if condition not in taken and condition.columns
    )
    return (*checks, *others), unheld


def _rule_of(condition: _Condition, names: Collection[str]) -> Rule:
    """Return a condition as a rule that nobody wrote; `names` are those of the author's."""
    first = condition.columns[0]
    name = f"{condition.name} of {first}" if condition.name in names else condition.name
    return Rule(name=name, field=first, expression=condition.expression)


def _conditions(matched: Matched, table: Table) -> Iterator[_Condition]:
    names = tuple(column.name for column in table.columns)
    for check in matched.table.checks:
        if set(check.columns) <= set(names):  # of others the server's defaults are its own business
            columns = check.columns or fields_read(check.expression, names)
            yield _Condition(name=check.name, expression=check.expression, columns=tuple(columns))
    for column, _ in matched.chosen.columns:
        for domain in column.type.domain_checks:
            expression = over_column(domain.expression, column.name)
            yield _Condition(name=domain.name, expression=expression, columns=(column.name,))


def _holding(
    rule: Rule, entity: Entity, matched: Matched, conditions: Sequence[_Condition]
) -> _Condition | None:
    """Return the constraint that holds a rule: by name, by words, or as the only one over the same columns."""
    usual = {
        name.lower()
        for start in (entity.name, matched.place.name)
        for name in (rule.name, f"{start}_{rule.name}", f"check_{rule.name}", f"{start}_{rule.field}_check")
    }
    named = [condition for condition in conditions if condition.name.lower() in usual]
    if named:
        return next((one for one in named if rule.field in one.columns), named[0])
    alike = [c for c in conditions if _words(c.expression) == _words(rule.expression)]
    if alike:
        return alike[0]
    read = set(fields_read(rule.expression, {field.name for field in entity.fields}))
    same = [condition for condition in conditions if set(condition.columns) == read]
    return same[0] if len(same) == 1 else None


def _words(expression: str) -> tuple[tuple[str, str], ...]:
    """Return the words of a condition, without parentheses and casts, which the catalog adds."""
    tokens = [token for token in tokens_of(expression) if not token.is_symbol("(", ")")]
    words, skip = [], False
    for token in tokens:
        if skip:
            skip = False
        elif token.is_symbol("::"):
            skip = True
        else:
            kind = "name" if token.kind is TokenKind.QUOTED else str(token.kind)
            words.append((kind, token.text))
    return tuple(words)


def _there(matched: Matched) -> str:
    names = [check.name for check in matched.table.checks]
    names += [check.name for column, _ in matched.chosen.columns for check in column.type.domain_checks]
    return f"{matched.place.shown} has " + (
        f"constraints {', '.join(names)}" if names else "no CHECK constraint"
    )
