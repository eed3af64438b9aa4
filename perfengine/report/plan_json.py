"""A plan as JSON: everything it holds but the values that rules are tried with."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan, Plan
    from perfengine.model.table import Column, Table

PLAN_VERSION: Final = "1.0"
_CAPITAL: Final = re.compile(r"(?<=.)([A-Z])")


def plan_as_json(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON values: times in seconds as numbers, decimals and intervals as text."""
    chosen = {item.operation.name: item for item in plan.operations}
    return {
        "version": PLAN_VERSION,
        "entities": list(dict.fromkeys(operation.entity for operation in plan.available)),
        "seed": plan.seed,
        "data_set": {"name": plan.data_set, "rows": dict(plan.data_rows)},
        "tables": [_table(table) for table in plan.tables],
        "functions": [_plain(function) for function in plan.functions],
        "operations": [_operation(operation, chosen.get(operation.name)) for operation in plan.available],
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
        "columns": [_column(column) for column in table.columns],
        "checks": checks,
    }


def _column(column: Column) -> dict[str, object]:
    return {
        "name": column.name,
        "type": column.sql_type,
        "nullable": column.field.nullable,
        "references": column.references,
        "values": _tagged(column.generator),
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
        "parameters": [_tagged(parameter) for parameter in operation.parameters],
        "expectation": _plain(operation.expectation),
        "default_iterations": operation.default_iterations,
        "rows": _plain(operation.rows),
        "load": None if item is None else _load(item),
    }


def _load(item: OperationPlan) -> dict[str, object]:
    return {
        "concurrency": item.concurrency,
        "iterations": item.iterations,
        "duration": None if item.duration_ns is None else item.duration_ns / NS_PER_S,
        "timeout": item.timeout_ns / NS_PER_S,
        "warmup_attempts": item.warmup_attempts,
        "round_attempts": item.round_attempts,
        "keys": {"first": item.keys.start, "count": item.keys.count},
    }


def _tagged(value: Any) -> dict[str, object]:  # noqa: ANN401 - any of the parameter and generator values
    """Return a value of a closed set with its own name: `{"is": "claimed_key", "bulk": false}`."""
    return {"is": _CAPITAL.sub(r"_\1", type(value).__name__).lower(), **_plain(value)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a frozen value holds
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, timedelta):
        return f"{value.days} days"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
