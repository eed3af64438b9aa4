"""Pass: the pattern validation: for each rule an insert that the rule accepts, and one that it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.compiler.crud import insert_sql, new_row_value
from perfengine.model.operation import (
    Effect,
    Expectation,
    Group,
    Kind,
    Operation,
    Parameter,
    RowUse,
    RuleValue,
    Success,
)

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity
    from perfengine.model.table import Check

#: SQLSTATE check_violation.
_CHECK_VIOLATION = "23514"


def compile_validation(draft: Draft) -> Draft:
    """Return the draft with an accept and a reject operation for each CHECK."""
    operations: list[Operation] = []
    for entity in (one.entity for one in draft.entities):
        table = draft.table(entity.name)
        # a reference takes the key of a row that is there, the key and what is unique a value of its own
        tied = {table.key.name, *(one.name for one in table.columns if one.references or one.unique)}
        tied.update(entity.server.linked if entity.server else ())
        rules = {rule.name for rule in entity.rules}
        for check in (check for check in table.checks if check.rule in rules):
            operations += [_accept(entity, check, tied), _reject(entity, check)]
    return draft.adding(operations, [])


def _accept(entity: Entity, check: Check, tied: set[str]) -> Operation:
    return Operation(
        name=f"validate_{entity.name}_{check.rule}_accept",
        entity=entity.name,
        group=Group.VALIDATION,
        kind=Kind.VALIDATION_ACCEPT,
        sql=insert_sql(entity),
        parameters=_parameters(entity, check, set(check.fields) - tied, accept=True),
        expectation=Expectation(success=Success.AFFECTED, count=1),
        default_iterations=100,
        rows=RowUse(per_attempt=1, effect=Effect.EXISTS, inserts=True),
        rule=check.rule,
    )


def _reject(entity: Entity, check: Check) -> Operation:
    # The server evaluates CHECKs before keys and references: a tied field may hold any value here.
    return Operation(
        name=f"validate_{entity.name}_{check.rule}_reject",
        entity=entity.name,
        group=Group.VALIDATION,
        kind=Kind.VALIDATION_REJECT,
        sql=insert_sql(entity),
        parameters=_parameters(entity, check, set(check.fields), accept=False),
        expectation=Expectation(
            success=Success.REFUSED, sqlstate=_CHECK_VIOLATION, constraint=check.constraint
        ),
        default_iterations=100,
        rows=RowUse(per_attempt=1, inserts=True),
        rule=check.rule,
    )


def _parameters(entity: Entity, check: Check, ruled: set[str], *, accept: bool) -> tuple[Parameter, ...]:
    return tuple(
        RuleValue(field=field.name, rule=check.rule, accept=accept)
        if field.name in ruled
        else new_row_value(entity, field)
        for field in entity.fields
    )
