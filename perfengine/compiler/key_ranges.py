"""Pass: which rows each operation works on. Ranges of one table never overlap; the data set comes first.

Demand is known before a row is made, so no attempt finds the rows gone, unless the author asks for that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.generators import table_drawn_from
from perfengine.compiler.picks import searches
from perfengine.compiler.rounds import is_limited, rounds_of
from perfengine.compiler.sql_types import INTEGERS, limits_of
from perfengine.errors import PlanError
from perfengine.model.operation import DataSetKey, Generated
from perfengine.model.plan import KeyRange, OperationPlan, PhasePlan
from perfengine.model.workload import WhenExhausted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.compiler.draft import Draft, PhaseLoad, Share
    from perfengine.compiler.rounds import Rounds
    from perfengine.model.operation import Operation
    from perfengine.model.table import Table


def lay_key_ranges(draft: Draft) -> Draft:
    """Return the draft with the plan of each phase.

    Raises: PlanError when keys run out of their type, or an operation reads an empty data set.
    """
    free = dict(draft.data_rows)  #: table to the first index that nobody has
    when_exhausted = draft.scenario.workload.when_exhausted or WhenExhausted.RECYCLE
    phases = []
    for load in draft.loads:
        rounds = rounds_of(load, draft.mode, when_exhausted)
        phase = _phase(load, rounds, when_exhausted, draft.data_rows, free)
        phases.append(_striding(phase) if when_exhausted is WhenExhausted.CREATE else phase)
    draft = replace(draft, phases=tuple(phases))
    problems = [*_empty_reads(draft), *_too_many_keys(draft)]
    if problems:
        raise PlanError("\n".join(problems))
    return draft


def _phase(
    load: PhaseLoad,
    rounds: Rounds,
    when_exhausted: WhenExhausted,
    data_rows: Mapping[str, int],
    free: dict[str, int],
) -> PhasePlan:
    plans = []
    for share, attempts, warmup in zip(load.shares, rounds.attempts, rounds.warmup, strict=True):
        entity = share.operation.entity
        most = _rows_for(load, share.operation, when_exhausted, data_rows)
        plan = _plan(load, share, attempts, warmup, most, free.get(entity, 0))
        if share.operation.rows is not None:
            free[entity] = plan.keys.stop
        plans.append(plan)
    return PhasePlan(
        name=load.name,
        operations=tuple(plans),
        load=load.load,
        iterations=load.iterations,
        duration_ns=load.duration_ns,
        timeout_ns=load.timeout_ns,
        warmup_attempts=sum(rounds.warmup),
        warmup_ns=load.warmup_ns,
        round_attempts=sum(rounds.attempts),
        repeats=rounds.repeats,
        when_exhausted=when_exhausted,
    )


def _rows_for(
    load: PhaseLoad, operation: Operation, when_exhausted: WhenExhausted, data_rows: Mapping[str, int]
) -> int | None:
    """Return how many attempts of a phase have rows, round after round; None: all of them."""
    if operation.rows is None or not is_limited(operation, when_exhausted):
        return None
    most = data_rows[operation.entity] // operation.rows.per_attempt
    return None if load.iterations is not None and most >= load.iterations else most


def _plan(
    load: PhaseLoad, share: Share, attempts: int, warmup: int, rows_for: int | None, start: int
) -> OperationPlan:
    rows = share.operation.rows
    made = attempts if rows_for is None else min(attempts, rows_for)
    # a statement that searches finds out by itself that nothing is left
    handed_out = rows is not None and not searches(rows.pick)
    return OperationPlan(
        operation=share.operation,
        concurrency=load.load.clients,
        timeout_ns=load.timeout_ns,
        iterations=load.iterations,
        duration_ns=load.duration_ns,
        warmup_attempts=warmup,
        keys=KeyRange(start=start, count=rows.per_attempt * (warmup + made) if rows else 0),
        round_attempts=attempts,
        weight=share.weight,
        rows_for=rows_for if handed_out else None,
    )


def _striding(phase: PhasePlan) -> PhasePlan:
    """Return the phase with new rows in every round: behind those of all its operations on the same table."""
    rows = Counter[str]()
    for plan in phase.operations:
        rows[plan.operation.entity] += plan.keys.count
    plans = (
        replace(plan, stride=rows[plan.operation.entity])
        if plan.operation.rows and plan.operation.rows.consumed
        else plan
        for plan in phase.operations
    )
    return replace(phase, operations=tuple(plans))


def _empty_reads(draft: Draft) -> Iterator[str]:
    for operation in draft.selected:
        for table in dict.fromkeys(_tables_read(operation)):
            if draft.data_rows[table] == 0:
                yield (
                    f'{operation.name} reads rows of the data set, and data set "{draft.data_set}" has 0 rows of'
                    f" {table}: give it at least one, or leave out the operation with"
                    f" --exclude {operation.name}"
                )


def _tables_read(operation: Operation) -> Iterator[str]:
    """Yield the tables of which parameters are keys of the data set."""
    for parameter in operation.parameters:
        if isinstance(parameter, DataSetKey):
            yield operation.entity
        elif isinstance(parameter, Generated):
            table = table_drawn_from(parameter.generator)
            if table is not None:
                yield table


def _too_many_keys(draft: Draft) -> Iterator[str]:
    ends = dict(draft.data_rows)
    for phase in draft.phases:
        for plan in phase.operations:
            if plan.operation.rows is not None:
                entity = plan.operation.entity
                ends[entity] = max(ends[entity], plan.keys.stop + _later_rows(phase, plan))
    for table in draft.tables:
        if table.key.field.type not in INTEGERS:
            continue
        first, last = _keys_of(table)
        if ends[table.name] > last - first + 1:
            yield (
                f"{table.name} needs {ends[table.name]} keys, and its {table.key.sql_type} key ends at {last}:"
                " make it bigint, or ask for fewer rows"
            )


def _keys_of(table: Table) -> tuple[int, int]:
    """Return the first and the last whole number that is a key of ours.

    On a table that is there they are drawn anew for each run, below nought, unless a condition reads the key: how far
    keys of others go does not matter then.
    """
    last = int(limits_of(table.key.field)[1])
    is_drawn = table.place is not None and not any(table.key.name in one.fields for one in table.checks)
    return (-(last + 1) // 2, -1) if is_drawn else (table.first_key, last)


def _later_rows(phase: PhasePlan, plan: OperationPlan) -> int:
    """Return how far the rows of the last round lie behind those of the first."""
    rounds = -(-(phase.iterations or 1) // phase.round_attempts)
    return plan.stride * (rounds - 1)
