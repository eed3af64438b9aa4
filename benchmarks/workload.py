"""The two operations that are compared, taken from the plan that perfengine itself compiles from point.yaml.

All arms get the statement text from here, and all but pgbench the very argument tuples that perfengine makes, so that
no arm has an easier statement, other keys or a cheaper way to find them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from perfengine.datagen.arguments import arguments_of
from perfengine.datagen.layout import RowSource
from perfengine.datagen.rows_sql import insert_rows_sql
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest
from perfengine.model.operation import ClaimedKey, DataSetKey
from perfengine.model.settings import LoadSettings
from perfengine.model.table import StateOf
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.plan import OperationPlan, Plan
    from perfengine.model.table import Table

DOCUMENT: Final = Path(__file__).with_name("point.yaml")
OPERATIONS: Final = ("account_query", "account_update")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One operation with all that an arm needs to do it."""

    operation: str
    sql: str
    key: int  #: which placeholder is the key; 1 is `$1`
    first_key: int  #: the keys that the arguments name lie in this range
    last_key: int
    arguments: Sequence[tuple[Any, ...]]
    data_rows: int  #: rows of the data set; a writing operation has rows of its own behind them
    table: Table
    insert_sql: str  #: of rows `$1`..`$2`, as perfengine fills its sandbox
    table_rows: int
    anchor: datetime


def compile_workload(operation: str, clients: int, rows: int, document: Path = DOCUMENT) -> Workload:
    """Return the workload of one operation: the table has `rows` rows in its data set."""
    settings = LoadSettings(concurrency=clients, duration_ns=NS_PER_S, filters=(operation,), data_size=rows)
    plan = plan_run(RunRequest(paths=(document,), load=settings)).plan
    (item,) = plan.operations
    return _workload(plan, item, datetime.now(UTC))


def _workload(plan: Plan, item: OperationPlan, anchor: datetime) -> Workload:
    operation, rows = item.operation, plan.data_rows[item.operation.entity]
    source = RowSource(seed=plan.seed, tables={t.name: t for t in plan.tables}, rows=plan.data_rows)
    table = source.tables[operation.entity]
    first_row = item.keys.start + item.warmup_attempts
    return Workload(
        operation=operation.name,
        sql=operation.sql,
        key=next(n for n, p in enumerate(operation.parameters, 1) if isinstance(p, ClaimedKey | DataSetKey)),
        first_key=first_row + 1 if operation.rows else 1,
        last_key=item.keys.stop if operation.rows else rows,
        arguments=arguments_of(
            operation,
            source,
            anchor=anchor,
            rule_values={},
            first_row=first_row,
            first_attempt=item.warmup_attempts,
            attempts=item.round_attempts,
        ),
        data_rows=rows,
        table=table,
        insert_sql=insert_rows_sql(source, table, _states_of(table)),
        table_rows=max(rows, item.keys.stop),
        anchor=anchor,
    )


def _states_of(table: Table) -> tuple[str, ...]:
    for column in table.columns:
        if isinstance(column.generator, StateOf):
            return column.generator.states
    return ()
