"""Guards before rows: the rows of a guarded transition are made so that its guard lets them through.

Otherwise part of what is measured would be refusals. Decided before anything is loaded, on sample rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.database.rows import add_rows, count_satisfying, empty
from perfengine.database.rule_values import probe_rule
from perfengine.engine.rules import SAMPLE_ROWS, adapt, row_statements
from perfengine.errors import PlanError
from perfengine.model.plan import KeyRange

if TYPE_CHECKING:
    from datetime import datetime

    from perfengine.database.connect import Connection
    from perfengine.datagen.layout import RowSource
    from perfengine.model.operation import Operation
    from perfengine.model.plan import Plan
    from perfengine.model.table import Check

_SAMPLE = KeyRange(start=0, count=SAMPLE_ROWS)


async def heed_guards(
    connection: Connection, plan: Plan, source: RowSource, anchor: datetime
) -> dict[str, RowSource]:
    """Return the row source of each guarded operation, by name; the tables hold no rows before and after.

    Raises: PlanError naming the guard that generated rows do not satisfy.
    """
    sources: dict[str, RowSource] = {}
    for item in plan.operations:
        rows = item.operation.rows
        if rows is not None and rows.guard is not None:
            sources[item.operation.name] = await _guarded(
                connection, item.operation, rows.guard, source, anchor
            )
            await empty(connection, source.tables[item.operation.entity])
    return sources


async def _guarded(
    connection: Connection, operation: Operation, guard: Check, source: RowSource, anchor: datetime
) -> RowSource:
    fit = await _count_fit(connection, operation, guard, source, anchor)
    if fit < SAMPLE_ROWS:
        finding = await probe_rule(connection, source.tables[operation.entity], guard)
        source = adapt(source, operation.entity, finding)
        fit = await _count_fit(connection, operation, guard, source, anchor)
    if fit < SAMPLE_ROWS:
        raise PlanError(
            f"{operation.name}: {fit} of {SAMPLE_ROWS} generated rows satisfy its guard ({guard.expression}), "
            "and no value was found that does: it cannot be measured on rows that it must refuse. "
            f"Leave it out: --exclude {operation.name}"
        )
    return source


async def _count_fit(
    connection: Connection, operation: Operation, guard: Check, source: RowSource, anchor: datetime
) -> int:
    """Return how many sample rows, in the states the operation starts from, satisfy the guard."""
    table = source.tables[operation.entity]
    await empty(connection, table)
    statements = row_statements(source, table.name, operation.rows.source_states if operation.rows else ())
    await add_rows(connection, statements, _SAMPLE, anchor)
    return await count_satisfying(connection, statements, _SAMPLE, guard.expression)
