"""Rules before rows: the database says what each rule accepts, and generated rows are made to satisfy all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfengine.database.rows import add_rows, count_violations, empty
from perfengine.database.rule_values import probe_rule
from perfengine.datagen.rows_sql import insert_rows_sql, key_sql
from perfengine.errors import PlanError
from perfengine.model.plan import Choice, KeyRange, Plan, RuleValue
from perfengine.model.rows import RowStatements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from perfengine.database.connect import Connection
    from perfengine.database.rule_values import RuleFinding
    from perfengine.datagen.layout import RowSource
    from perfengine.model.plan import Table

#: Rows on which generated values are tried against the rules before a table is filled.
SAMPLE_ROWS = 200

RuleKey = tuple[str, str, bool]  #: rule, field, accept


def row_statements(source: RowSource, table: str, states: Sequence[str] = ()) -> RowStatements:
    """Return the SQL that makes and names the rows of a table, in `states` by turns."""
    return RowStatements(
        table=source.tables[table],
        insert_sql=insert_rows_sql(source, source.tables[table], states),
        key_sql=key_sql(source.seed, source.tables[table], "i"),
    )


async def heed_rules(
    connection: Connection, plan: Plan, source: RowSource, anchor: datetime
) -> tuple[RowSource, dict[RuleKey, Any]]:
    """Return the row source adapted to the rules, and the values that validation operations send.

    Raises: PlanError naming the rule for which no value was found.
    """
    wanted = _wanted(plan)
    values: dict[RuleKey, Any] = {}
    for table in plan.tables:
        if not table.checks:
            continue
        await _sample(connection, source, table.name, anchor)
        for check in table.checks:
            finding = await probe_rule(connection, table, check)
            source = _adapt(source, table.name, finding)
            values |= _chosen(finding, {accept for rule, accept in wanted if rule == check.rule})
        await empty(connection, table)
        await _sample(connection, source, table.name, anchor)
        await _require_conforming(connection, table)
        await empty(connection, table)
    return source, values


def _wanted(plan: Plan) -> set[tuple[str, bool]]:
    return {
        (parameter.rule, parameter.accept)
        for item in plan.operations
        for parameter in item.operation.parameters
        if isinstance(parameter, RuleValue)
    }


async def _sample(connection: Connection, source: RowSource, table: str, anchor: datetime) -> None:
    keys = KeyRange(start=0, count=SAMPLE_ROWS)
    await add_rows(connection, row_statements(source, table), keys, anchor)


def _adapt(source: RowSource, table: str, finding: RuleFinding) -> RowSource:
    """Return the source with the rule's fields drawn from accepted values, where generated rows broke the rule."""
    if not finding.violated_by_rows or not finding.accepted:
        return source
    # Fields of one rule belong together: with several, one combination serves all rows.
    rows = finding.accepted if len(finding.check.candidates) == 1 else finding.accepted[:1]
    choices = {
        name: Choice(values=tuple(row[n] for row in rows))
        for n, (name, _) in enumerate(finding.check.candidates)
    }
    old = source.tables[table]
    columns = tuple(
        replace(column, generator=choices[column.name]) if column.name in choices else column
        for column in old.columns
    )
    return replace(source, tables={**source.tables, table: replace(old, columns=columns)})


def _chosen(finding: RuleFinding, accepts: set[bool]) -> dict[RuleKey, Any]:
    """Return the values that validation operations of this rule send."""
    values: dict[RuleKey, Any] = {}
    for accept in sorted(accepts):
        row = (finding.accepted or (None,))[0] if accept else finding.refused
        if row is None:
            verb = "satisfies" if accept else "breaks only"
            raise PlanError(
                f'no value was found that {verb} rule "{finding.check.rule}" ({finding.check.expression}); '
                f'leave its operation out: --exclude "validate_*_{finding.check.rule}_*"'
            )
        for (name, _), value in zip(finding.check.candidates, row, strict=True):
            values[finding.check.rule, name, accept] = value
    return values


async def _require_conforming(connection: Connection, table: Table) -> None:
    for check in table.checks:
        violations = await count_violations(connection, table, check.expression)
        if violations:
            raise PlanError(
                f'{violations} of {SAMPLE_ROWS} generated rows of "{table.name}" break rule "{check.rule}" '
                f"({check.expression}), and no value was found that satisfies it together with the others"
            )
