"""What is compared, taken from the plan that perfengine itself compiles from the documents beside this file.

All arms get the statement texts from here, and all but pgbench the very attempts that perfengine makes, in its order,
so that no arm has easier statements, other keys or a cheaper way to find them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.pgbench_tables import SCALE
from benchmarks.scripts.orders import Statement, Task
from perfengine.datagen.layout import RowSource
from perfengine.datagen.rows_sql import insert_rows_sql
from perfengine.engine.dealing import Dealer
from perfengine.engine.messages import Shard
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest
from perfengine.model.generator import NumberRange, StateOf
from perfengine.model.operation import ClaimedKey, DataSetKey, Generated
from perfengine.model.settings import LoadSettings
from perfengine.model.transaction import Argument, StatementStep
from perfengine.pgbench.asked import AskedScripts
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.scripts.orders import Item
    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan, PhasePlan, Plan
    from perfengine.model.table import Table
    from perfengine.model.transaction import Step

_HERE: Final = Path(__file__).parent
POINT: Final = _HERE / "point.yaml"
MIX: Final = _HERE / "mix.yaml"
TPCB: Final = _HERE / "tpcb.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A table as perfengine makes and fills it in its sandbox."""

    table: Table
    insert_sql: str  #: of rows `$1`..`$2`
    rows: int  #: the data set, and behind it the rows of writing operations
    anchor: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What is loaded, with all that an arm needs to do it."""

    name: str
    documents: tuple[Path, ...]
    filters: tuple[str, ...]  #: of the command line
    tasks: tuple[Task, ...]
    #: of each task, by place of an argument: from which to which number pgbench draws it
    draws: tuple[Mapping[int, tuple[int, int]], ...]
    items: Sequence[Item]
    seed: int  #: that all values and the schedule of an open load follow from
    data_rows: int  #: rows of the data set
    filling: Filling | None  #: None: the tables of pgbench
    builtin: str | None = None  #: it is that script of pgbench: `tpcb-like`


def compile_workload(
    name: str, *, clients: int, rows: int, documents: tuple[Path, ...] = (POINT,), alone: bool = True
) -> Workload:
    """Return the workload of that name: the operation `alone`, or the mix that the documents make.

    The data set has `rows` rows.
    """
    filters = (name,) if alone else ()
    settings = LoadSettings(concurrency=clients, duration_ns=NS_PER_S, filters=filters, data_size=rows)
    plan = plan_run(RunRequest(paths=documents, load=settings)).plan
    (phase,) = plan.phases
    source = RowSource(seed=plan.seed, tables={t.name: t for t in plan.tables}, rows=plan.data_rows)
    anchor = datetime.now(UTC)
    return Workload(
        name=name,
        documents=documents,
        filters=filters,
        tasks=tuple(_task(item.operation) for item in phase.operations),
        draws=tuple(_draws(item, rows) for item in phase.operations),
        items=_items(phase, source, anchor),
        seed=plan.seed,
        data_rows=rows,
        filling=_filling(plan, phase, source, anchor) if plan.tables else None,
    )


def builtin_workload(name: str, builtin: str, *, clients: int) -> Workload:
    """Return a script that pgbench has built in, at the scale of the tables that it initialises."""
    scripts = AskedScripts(builtins=(builtin,), scale=SCALE)
    settings = LoadSettings(concurrency=clients, duration_ns=NS_PER_S)
    plan = plan_run(RunRequest(scripts=scripts, load=settings)).plan
    (phase,) = plan.phases
    source = RowSource(seed=plan.seed, tables={}, rows={})
    return Workload(
        name=name,
        documents=(),
        filters=(),
        tasks=tuple(_task(item.operation) for item in phase.operations),
        draws=({},),
        items=_items(phase, source, datetime.now(UTC)),
        seed=plan.seed,
        data_rows=0,
        filling=None,
        builtin=builtin,
    )


def filling_of(workload: Workload) -> Filling:
    """Return the table of a workload that has one of its own. Raises: TypeError for another."""
    if workload.filling is None:
        raise TypeError(f"{workload.name} works on the tables of pgbench")
    return workload.filling


def _task(operation: Operation) -> Task:
    if operation.transaction is None:
        bindings = tuple(range(len(operation.parameters)))
        return Task(name=operation.name, statements=(Statement(sql=operation.sql, bindings=bindings),))
    statements = tuple(_statement(step) for step in operation.transaction.steps)
    return Task(name=operation.name, statements=statements, explicit=operation.transaction.explicit)


def _statement(step: Step) -> Statement:
    """Return the statement. Raises: TypeError for a step that the other arms cannot do."""
    if not isinstance(step, StatementStep):
        raise TypeError("a step of a benchmark is a statement")
    places = tuple(binding.position for binding in step.bindings if isinstance(binding, Argument))
    if len(places) < len(step.bindings):
        raise TypeError("a statement of a benchmark takes arguments only")
    return Statement(sql=step.sql.strip(), bindings=places)


def _draws(item: OperationPlan, rows: int) -> dict[int, tuple[int, int]]:
    first_row = item.keys.start + item.warmup_attempts
    draws = {}
    for place, parameter in enumerate(item.operation.parameters):
        if isinstance(parameter, DataSetKey):
            draws[place] = (1, rows)
        elif isinstance(parameter, ClaimedKey):
            draws[place] = (first_row + 1, item.keys.stop)
        elif isinstance(parameter, Generated) and isinstance(parameter.generator, NumberRange):
            draws[place] = (int(parameter.generator.low), int(parameter.generator.high))
    return draws


def _items(phase: PhasePlan, source: RowSource, anchor: datetime) -> Sequence[Item]:
    """Return the attempts of the first round, as the one load process makes them."""
    hand = Dealer(phase, Shard(), source, anchor, {}).round(0, phase.round_attempts)
    return list(islice(hand.script, phase.round_attempts))


def _filling(plan: Plan, phase: PhasePlan, source: RowSource, anchor: datetime) -> Filling:
    table = source.tables[phase.operations[0].operation.entity]
    return Filling(
        table=table,
        insert_sql=insert_rows_sql(source, table, _states_of(table)),
        rows=max(plan.data_rows[table.name], *(item.keys.stop for item in phase.operations)),
        anchor=anchor,
    )


def _states_of(table: Table) -> tuple[str, ...]:
    for column in table.columns:
        if isinstance(column.generator, StateOf):
            return column.generator.states
    return ()
