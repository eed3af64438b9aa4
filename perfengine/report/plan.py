"""A plan as text for the eye, as an SQL script, and as JSON. Nothing was run, so no figure here was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.sql import quote_identifier, shorten_identifier
from perfengine.report.plan_json import plan_as_json
from perfengine.report.plan_words import expectation_text, load_text, parameter_texts, rows_text
from perfengine.report.signs import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan, Plan
    from perfengine.model.table import Table

__all__ = ["plan_as_json", "render_plan_sql", "render_plan_text"]

#: Where the script puts its objects. It makes the schema, so it cannot touch one that is there.
_SCHEMA: Final = "perfengine_plan"
_HEADER: Final = f"""\
-- The sandbox and the statements of a plan: psql -v ON_ERROR_STOP=1 -f FILE
-- It makes the schema {_SCHEMA} and no rows; DROP SCHEMA {_SCHEMA} CASCADE removes it."""


def render_plan_text(plan: Plan) -> str:
    """Return the plan for a terminal: data set, tables, operations in order, what is left out, notes."""
    sections = [
        _title(plan),
        _data_set(plan),
        *(_table(table) for table in plan.tables),
        _functions(plan),
        *(_operation(number, item) for number, item in enumerate(plan.operations, start=1)),
        _left_out(plan),
        _notes(plan),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def render_plan_sql(plan: Plan) -> str:
    """Return a script for psql: a schema with tables, constraints and functions, each statement prepared."""
    parts = [
        _HEADER,
        f"CREATE SCHEMA {_SCHEMA};\nSET search_path = {_SCHEMA};",
        *(f"{create_table_ddl(table)};" for table in plan.tables),
        *(f"{statement};" for table in plan.tables for statement in constraints_ddl(table)),
        *(f"{function.ddl};" for function in plan.functions),
        *(_prepared(item.operation) for item in plan.operations),
    ]
    return "\n\n".join(parts) + "\n"


def _title(plan: Plan) -> list[str]:
    entities = dict.fromkeys(operation.entity for operation in plan.available)
    title = f"Plan for {plain(', '.join(entities))}" if entities else "Empty plan"
    return [title, "=" * len(title)]


def _data_set(plan: Plan) -> list[str]:
    rows = [f"   {plain(table)}: {count} rows" for table, count in plan.data_rows.items()]
    return [f"Data set: {plain(plan.data_set)}, seed {plan.seed}", *rows] if rows else []


def _table(table: Table) -> list[str]:
    why = " (made because it is referred to)" if table.parent else ""
    lines = [f"Table {plain(table.name)}{why}"]
    for column in table.columns:
        key = ", key" if column is table.key else ", may be NULL" if column.field.nullable else ""
        refers = f", refers to {plain(column.references)}" if column.references is not None else ""
        lines.append(f"   {plain(column.name)}: {column.sql_type}{key}{refers}")
    return [*lines, *(f"   {plain(c.constraint)}: CHECK ({plain(c.expression)})" for c in table.checks)]


def _functions(plan: Plan) -> list[str]:
    lines = [f"   {plain(function.name)}({function.arguments})" for function in plan.functions]
    return ["Functions", *lines] if lines else []


def _operation(number: int, item: OperationPlan) -> list[str]:
    operation = item.operation
    also = f", also called {plain(', '.join(operation.aliases))}" if operation.aliases else ""
    return [
        f"{number}. {plain(operation.name)} [{operation.kind}]{also}",
        f"   {plain(operation.full_id)}",
        f"   {plain(operation.sql)}",
        *(f"   {text}" for text in parameter_texts(operation)),
        f"   ok when {expectation_text(operation.expectation)}",
        f"   {load_text(item)}",
        f"   {rows_text(item)}",
    ]


def _left_out(plan: Plan) -> list[str]:
    chosen = {item.operation.name for item in plan.operations}
    lines = [f"   {line}" for line in _unchosen(plan, chosen)]
    return ["Not selected", *lines] if lines else []


def _unchosen(plan: Plan, chosen: set[str]) -> Iterator[str]:
    for operation in plan.available:
        if operation.name not in chosen:
            when = ", runs only when a filter names it" if operation.optional else ""
            yield f"{plain(operation.full_id)} [{operation.kind}]{when}"


def _notes(plan: Plan) -> list[str]:
    lines = [f"   {line}" for note in plan.notes for line in folded(plain(note), width=77)]
    return ["Notes", *lines] if lines else []


def _prepared(operation: Operation) -> str:
    """Return PREPARE under comments; what comes from a document is made harmless there."""
    comments = [
        f"-- {plain(operation.full_id)} [{operation.kind}]: ok when {expectation_text(operation.expectation)}",
        *(f"--   {text}" for text in parameter_texts(operation)),
    ]
    name = quote_identifier(shorten_identifier(operation.name))
    return "\n".join([*comments, f"PREPARE {name} AS", f"{operation.sql};"])
