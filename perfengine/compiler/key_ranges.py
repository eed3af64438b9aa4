"""Pass: which rows each operation works on. Ranges of one table never overlap; the data set comes first.

Demand is known before a row is made, so no attempt finds the rows gone. More attempts than one round holds run in
several rounds: the rows are made anew between them, outside the measured time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.sql_types import INTEGERS, limits_of
from perfengine.errors import PlanError
from perfengine.model.operation import DataSetKey
from perfengine.model.plan import KeyRange, OperationPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.compiler.draft import Draft, Load

#: Calls of a statement on each connection before measuring: one past the five custom plans of the plan cache.
WARMUP_CALLS: Final = 6
#: Rows that one round of counted iterations makes at most.
ROUND_ROWS: Final = 200_000
#: Rows that one round of a duration makes, where an attempt uses its rows up.
REFILL_ROWS: Final = 50_000
#: Rows of a duration that hands the same keys out again: so many that clients do not meet on one.
SHARED_ROWS: Final = 10_000
#: Attempts of a duration that works on no rows of its own, until its parameters repeat.
READ_ATTEMPTS: Final = 65_536
LEAST_ATTEMPTS: Final = 100
#: Attempts between two uses of one key, as a multiple of the clients.
_ATTEMPTS_APART: Final = 4


def lay_key_ranges(draft: Draft) -> Draft:
    """Return the draft with the plan of each selected operation.

    Raises: PlanError when keys run out of their type, or an operation reads an empty data set.
    """
    free = dict(draft.data_rows)  #: table to the first index that nobody has
    plans = []
    for load in draft.loads:
        plan = _plan(load, free[load.operation.entity])
        free[load.operation.entity] = plan.keys.stop
        plans.append(plan)
    draft = replace(draft, plans=tuple(plans))
    problems = [*_empty_reads(draft), *_too_many_keys(draft)]
    if problems:
        raise PlanError("\n".join(problems))
    return draft


def _plan(load: Load, start: int) -> OperationPlan:
    rows = load.operation.rows
    warmup, attempts = WARMUP_CALLS * load.concurrency, _round_attempts(load)
    return OperationPlan(
        operation=load.operation,
        concurrency=load.concurrency,
        timeout_ns=load.timeout_ns,
        iterations=load.iterations,
        duration_ns=load.duration_ns,
        warmup_attempts=warmup,
        keys=KeyRange(start=start, count=rows.per_attempt * (warmup + attempts) if rows else 0),
        round_attempts=attempts,
    )


def _round_attempts(load: Load) -> int:
    """Return the attempts of one round: all iterations where so many rows can be made at once."""
    rows = load.operation.rows
    if rows is None:
        most = ROUND_ROWS if load.duration_ns is None else READ_ATTEMPTS
    elif load.duration_ns is None:
        most = ROUND_ROWS // rows.per_attempt
    else:
        most = (REFILL_ROWS if rows.consumed else SHARED_ROWS) // rows.per_attempt
    most = max(most, LEAST_ATTEMPTS, _ATTEMPTS_APART * load.concurrency)
    return most if load.iterations is None else min(load.iterations, most)


def _empty_reads(draft: Draft) -> Iterator[str]:
    for operation in draft.selected:
        if draft.data_rows[operation.entity] == 0 and DataSetKey() in operation.parameters:
            yield (
                f'{operation.name} reads rows of the data set, and data set "{draft.data_set}" has 0 rows of'
                f" {operation.entity}: give it at least one, or leave out the operation with"
                f" --exclude {operation.name}"
            )


def _too_many_keys(draft: Draft) -> Iterator[str]:
    ends = dict(draft.data_rows)
    for plan in draft.plans:
        ends[plan.operation.entity] = plan.keys.stop
    for table in draft.tables:
        if table.key.field.type not in INTEGERS:
            continue
        most = int(limits_of(table.key.field)[1])
        if ends[table.name] > most:  # keys count from 1
            yield (
                f"{table.name} needs {ends[table.name]} keys, and its {table.key.sql_type} key ends at {most}:"
                " make it bigint, or ask for fewer rows"
            )
