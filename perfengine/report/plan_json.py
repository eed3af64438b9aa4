"""A plan as JSON: everything it holds but the values that rules are tried with."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, get_args

from perfengine.model.generator import Distribution, Generator
from perfengine.model.operation import Parameter
from perfengine.model.pgbench import Command, Expression, Take
from perfengine.model.transaction import Argument, Captured, Step
from perfengine.report.latency_json import seconds, seconds_or_none
from perfengine.report.load_json import load_entry
from perfengine.report.plan_existing import existing_as_json

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan, PhasePlan, Plan
    from perfengine.model.table import Column, Table
    from perfengine.model.workload import StopRules

PLAN_VERSION: Final = "1.0"
#: Values that are one of several kinds, and say which.
_TAGGED: Final = (
    *get_args(Parameter),
    *get_args(Generator),
    *get_args(Distribution),
    *get_args(Step),
    Argument,
    Captured,
    *get_args(Command),
    *get_args(Expression),
    Take,
)
_CAPITAL: Final = re.compile(r"(?<=.)([A-Z])")


def plan_as_json(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON values: times in seconds as numbers, decimals and intervals as text."""
    chosen = {item.operation.name: item for item in plan.operations}
    return {
        "version": PLAN_VERSION,
        "entities": list(dict.fromkeys(operation.entity for operation in plan.available)),
        "mode": plan.mode,
        "seed": plan.seed,
        "processes": plan.processes,
        "connections": plan.connections,
        "prepare": plan.prepare,
        "session": dict(plan.session),
        "stop": _stop(plan.stop),
        "safety": _plain(plan.safety),
        "data_set": {"name": plan.data_set, "rows": dict(plan.data_rows)},
        "tables": [_table(table) for table in plan.tables],
        "functions": [_plain(function) for function in plan.functions],
        **({} if plan.existing is None else {"existing": existing_as_json(plan.existing)}),
        "setup": list(plan.setup),
        "phases": [_phase(phase) for phase in plan.phases],
        "operations": [_operation(operation, chosen.get(operation.name)) for operation in plan.available],
        "teardown": list(plan.teardown),
        "not_built": [_plain(one) for one in plan.not_built],
        "notes": list(plan.notes),
    }


def _table(table: Table) -> dict[str, object]:
    checks = [
        {"constraint": c.constraint, "rule": c.rule, "expression": c.expression, "fields": list(c.fields)}
        for c in table.checks
    ]
    return {
        "name": table.name,
        "parent_only": table.parent,
        **({} if table.place is None else {"place": _plain(table.place)}),
        "columns": [_column(column) for column in table.columns],
        "checks": checks,
        "indexes": [_plain(index) for index in table.indexes],
    }


def _column(column: Column) -> dict[str, object]:
    return {
        "name": column.name,
        "type": column.sql_type,
        "nullable": column.field.nullable,
        "references": column.references,
        "values": _plain(column.generator),
    }


def _operation(operation: Operation, item: OperationPlan | None) -> dict[str, object]:
    return {
        "name": operation.name,
        "full_id": operation.full_id,
        "aliases": list(operation.aliases),
        "entity": operation.entity,
        "group": operation.group,
        "kind": operation.kind,
        "rule": operation.rule,
        "optional": operation.optional,
        "sql": operation.sql,
        "parameters": _plain(operation.parameters),
        "transaction": _plain(operation.transaction),
        "python": _plain(operation.python),
        "read_only": operation.read_only,
        "expectation": _plain(operation.expectation),
        "default_iterations": operation.default_iterations,
        "rows": _plain(operation.rows),
        "load": None if item is None else _load(item),
        **({"pgbench": _plain(operation.pgbench)} if operation.pgbench else {}),
    }


def _phase(phase: PhasePlan) -> dict[str, object]:
    return {
        "name": phase.name,
        "operations": [item.operation.name for item in phase.operations],
        "load": load_entry(phase.load),
        "iterations": phase.iterations,
        "duration": seconds_or_none(phase.duration_ns),
        "timeout": seconds(phase.timeout_ns),
        "warmup_attempts": phase.warmup_attempts,
        "warmup": seconds_or_none(phase.warmup_ns),
        "round_attempts": phase.round_attempts,
        "when_exhausted": phase.when_exhausted,
    }


def _load(item: OperationPlan) -> dict[str, object]:
    return {
        "concurrency": item.concurrency,
        "iterations": item.iterations,
        "duration": seconds_or_none(item.duration_ns),
        "timeout": seconds(item.timeout_ns),
        "warmup_attempts": item.warmup_attempts,
        "round_attempts": item.round_attempts,
        "weight": item.weight,
        "keys": {"first": item.keys.start, "count": item.keys.count},
        "rows_for": item.rows_for,
    }


def _stop(stop: StopRules) -> dict[str, object]:
    return {
        "abort_on_fail": stop.abort_on_fail,
        "abort_delay": seconds(stop.abort_delay_ns),
        "max_error_rate": stop.max_error_rate,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a frozen value holds
    """Return a value as JSON; one of a closed set has its own name: `{"is": "claimed_key", "bulk": false}`."""
    if isinstance(value, tuple | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, timedelta):
        return f"{value.days} days"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        own = {"is": _CAPITAL.sub(r"_\1", type(value).__name__).lower()} if isinstance(value, _TAGGED) else {}
        return own | dict(map(_member, ((field.name, getattr(value, field.name)) for field in fields(value))))
    return value


def _member(member: tuple[str, Any]) -> tuple[str, Any]:
    """Return a field as a JSON member: times in seconds, without the unit in their name."""
    name, value = member
    if name.endswith("_ns"):
        return name.removesuffix("_ns"), seconds_or_none(value)
    return name, _plain(value)
