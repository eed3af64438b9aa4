"""A plan as text for the eye; beside it as an SQL script and as JSON. Nothing was run, no figure was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.plan_existing import existing_lines
from perfengine.report.plan_json import plan_as_json
from perfengine.report.plan_settings import is_mix, phase_lines, setting_lines, statement_lines
from perfengine.report.plan_sql import render_plan_sql
from perfengine.report.plan_words import expectation_text, load_text, parameter_texts, rows_text
from perfengine.report.signs import folded, plain
from perfengine.report.step_words import script_lines, transaction_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan, PhasePlan, Plan
    from perfengine.model.table import Table

__all__ = ["plan_as_json", "render_plan_sql", "render_plan_text"]


def render_plan_text(plan: Plan) -> str:
    """Return the plan for a terminal: settings, data set, tables, operations in order, what is not there, notes."""
    sections = [
        _title(plan),
        _data_set(plan),
        *(_table(table) for table in plan.tables),
        _functions(plan),
        [*setting_lines(plan)],
        statement_lines("Setup, once the tables are filled", plan.setup),
        *_phases(plan),
        statement_lines("Teardown, whatever happened", plan.teardown),
        _left_out(plan),
        _not_built(plan),
        _notes(plan),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _title(plan: Plan) -> list[str]:
    entities = dict.fromkeys(operation.entity for operation in plan.available)
    title = f"Plan for {plain(', '.join(entities))}" if entities else "Empty plan"
    return [title, "=" * len(title)]


def _data_set(plan: Plan) -> list[str]:
    rows = [f"   {plain(table)}: {count} rows" for table, count in plan.data_rows.items()]
    return [f"Data set: {plain(plan.data_set)}, seed {plan.seed}", *rows] if rows else []


def _table(table: Table) -> list[str]:
    why = " (made because it is referred to)" if table.parent and table.place is None else ""
    there = f" is {plain(table.place.shown)}" if table.place is not None else ""
    lines = [f"Table {plain(table.name)}{there}{why}"]
    for column in table.columns:
        key = ", key" if column is table.key else ", may be NULL" if column.field.nullable else ""
        refers = f", refers to {plain(column.references)}" if column.references is not None else ""
        lines.append(f"   {plain(column.name)}: {column.sql_type}{key}{refers}")
    lines += [f"   index {index.method} ({plain(', '.join(index.fields))})" for index in table.indexes]
    return [
        *lines,
        *(f"   {plain(c.constraint or c.rule)}: CHECK ({plain(c.expression)})" for c in table.checks),
    ]


def _functions(plan: Plan) -> list[str]:
    if plan.existing is not None:
        return [*existing_lines(plan.existing)]
    lines = [f"   {plain(function.name)}({function.arguments})" for function in plan.functions]
    return ["Functions", *lines] if lines else []


def _phases(plan: Plan) -> Iterator[list[str]]:
    number = 0
    for phase in plan.phases:
        yield [*phase_lines(phase)]
        for item in phase.operations:
            number += 1
            yield _operation(number, item, phase)


def _operation(number: int, item: OperationPlan, phase: PhasePlan) -> list[str]:
    operation = item.operation
    also = f", also called {plain(', '.join(operation.aliases))}" if operation.aliases else ""
    return [
        f"{number}. {plain(operation.name)} [{operation.kind}]{also}",
        f"   {plain(operation.full_id)}",
        *(f"   {line}" for line in _work(operation)),
        f"   ok when {expectation_text(operation.expectation)}",
        f"   {_amount(item, phase)}",
        f"   {rows_text(item, phase.when_exhausted)}",
    ]


def _work(operation: Operation) -> Iterator[str]:
    """Yield what an attempt does: its statement with its parameters, its steps, or the place of its code."""
    if operation.pgbench and operation.pgbench.commands:
        yield from script_lines(operation)
        return
    if operation.transaction:
        yield from transaction_lines(operation, operation.transaction)
        return
    if operation.python:
        yield plain(f"Python {operation.python.path}:{operation.python.name}")
        return
    yield plain(operation.sql)
    yield from parameter_texts(operation)


def _amount(item: OperationPlan, phase: PhasePlan) -> str:
    if not is_mix(phase):
        return load_text(phase)
    whole = sum(other.weight for other in phase.operations)
    return f"weight {item.weight:g} of {whole:g}, {item.round_attempts} attempts a round"


def _left_out(plan: Plan) -> list[str]:
    chosen = {item.operation.name for item in plan.operations}
    lines = [f"   {line}" for line in _unchosen(plan, chosen)]
    return ["Not selected", *lines] if lines else []


def _unchosen(plan: Plan, chosen: set[str]) -> Iterator[str]:
    for operation in plan.available:
        if operation.name not in chosen:
            when = ", runs only when a filter or a mix names it" if operation.optional else ""
            yield f"{plain(operation.full_id)} [{operation.kind}]{when}"


def _not_built(plan: Plan) -> list[str]:
    texts = (f"{plain(one.name)}: {plain(one.reason)}" for one in plan.not_built)
    lines = [f"   {line}" for text in texts for line in folded(text, width=77)]
    return ["Not built", *lines] if lines else []


def _notes(plan: Plan) -> list[str]:
    lines = [f"   {line}" for note in plan.notes for line in folded(plain(note), width=77)]
    return ["Notes", *lines] if lines else []
