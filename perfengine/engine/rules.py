"""Rules before rows: the database says what each rule accepts, and generated rows are made to satisfy all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfengine.database.rows import add_rows, empty
from perfengine.database.rule_values import probe_rule, why_broken
from perfengine.datagen.rows_sql import insert_rows_sql, key_sql
from perfengine.errors import PlanError
from perfengine.model.generator import Choice, ReferenceTo, StateOf
from perfengine.model.operation import RuleValue
from perfengine.model.plan import KeyRange, Plan
from perfengine.model.rows import RowStatements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from perfengine.database.connect import Connection
    from perfengine.database.rule_values import RuleFinding
    from perfengine.datagen.layout import RowSource
    from perfengine.model.table import Check, Table

#: Rows on which generated values are tried against the rules before a table is filled.
SAMPLE_ROWS = 200
#: Times that rows are adapted to the rules they break.
MAX_PASSES = 2

RuleKey = tuple[str, str, bool]  #: rule, field, accept
RuleValues = dict[str, dict[RuleKey, Any]]  #: by entity


def row_statements(source: RowSource, table: str, states: Sequence[str] = ()) -> RowStatements:
    """Return the SQL that makes and names the rows of a table, in `states` by turns."""
    return RowStatements(
        table=source.tables[table],
        insert_sql=insert_rows_sql(source, source.tables[table], states),
        key_sql=key_sql(source.seed, source.tables[table], "i"),
    )


def states_of(table: Table) -> tuple[str, ...]:
    """Return the states that the rows of a data set take by turns: all of the machine's."""
    for column in table.columns:
        if isinstance(column.generator, StateOf):
            return column.generator.states
    return ()


async def heed_rules(
    connection: Connection, plan: Plan, source: RowSource, anchor: datetime
) -> tuple[RowSource, RuleValues]:
    """Return the row source adapted to the rules, and the values that validation operations send, by entity.

    Raises: PlanError naming the rule for which no value was found.
    """
    values: dict[str, dict[RuleKey, Any]] = {}
    for table in plan.tables:
        if table.checks:
            source = await _adapted(connection, source, table, anchor)
            values[table.name] = {}
            for check in table.checks:
                if accepts := _wanted(plan, table, check):
                    values[table.name] |= _chosen(await probe_rule(connection, table, check), accepts)
            await empty(connection, table)
    return source, values


def _wanted(plan: Plan, table: Table, check: Check) -> set[bool]:
    """Return whether accepting values of the rule are sent, rejecting ones, or both."""
    return {
        parameter.accept
        for item in plan.operations
        for parameter in item.operation.parameters
        if isinstance(parameter, RuleValue)
        and (item.operation.entity, parameter.rule) == (table.name, check.rule)
    }


async def _adapted(connection: Connection, source: RowSource, table: Table, anchor: datetime) -> RowSource:
    """Return a source whose rows satisfy the rules of a table, and leave sample rows of it in the table.

    Adapting to one rule may break another that reads the same field, so all are looked at again.

    Raises: PlanError.
    """
    for _ in range(MAX_PASSES):
        await _sample(connection, source, table, anchor)
        broken = [check for check in table.checks if await why_broken(connection, table, check)]
        if not broken:
            return source
        for check in broken:
            source = adapt(source, table.name, await probe_rule(connection, table, check))
    await _sample(connection, source, table, anchor)
    await _require_conforming(connection, table)
    return source


async def _sample(connection: Connection, source: RowSource, table: Table, anchor: datetime) -> None:
    await empty(connection, table)
    keys = KeyRange(start=0, count=SAMPLE_ROWS)
    await add_rows(connection, row_statements(source, table.name, states_of(table)), keys, anchor)


def adapt(source: RowSource, table: str, finding: RuleFinding) -> RowSource:
    """Return the source with the rule's fields drawn from accepted values, if any is known."""
    if not finding.accepted:
        return source
    # Fields of one rule belong together: with several, one combination serves all rows.
    rows = finding.accepted if len(finding.check.candidates) == 1 else finding.accepted[:1]
    choices = {
        name: Choice(values=tuple(row[n] for row in rows))
        for n, (name, _) in enumerate(finding.check.candidates)
    }
    old = source.tables[table]
    columns = tuple(
        replace(column, generator=choices[column.name])
        if column.name in choices and not isinstance(column.generator, StateOf | ReferenceTo)
        else column
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
        why = await why_broken(connection, table, check)
        if why:
            raise PlanError(
                f'no rows can be made for "{table.name}": rule "{check.rule}" ({check.expression}): {why}, '
                "and no value was found that satisfies it together with the others"
            )
