"""A plan as an SQL script: the sandbox, and every statement prepared in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.sql import quote_identifier, shorten_identifier
from perfengine.report.plan_words import expectation_text, parameter_texts
from perfengine.report.signs import plain
from perfengine.report.statements import statement_steps
from perfengine.report.step_words import binding_texts, script_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.operation import Operation
    from perfengine.model.plan import Plan

#: Where the script puts its objects. It makes the schema, so it cannot touch one that is there.
_SCHEMA: Final = "perfengine_plan"
#: What PREPARE takes, by the first word.
_PREPARABLE: Final = frozenset({"select", "insert", "update", "delete", "merge", "values", "with", "table"})
_HEADER: Final = f"""\
-- The sandbox and the statements of a plan: psql -v ON_ERROR_STOP=1 -f FILE
-- It makes the schema {_SCHEMA} and no rows; DROP SCHEMA {_SCHEMA} CASCADE removes it."""

_EXISTING_HEADER: Final = """\
-- The statements of a plan on tables that are there: psql -v ON_ERROR_STOP=1 -f FILE
-- Each is prepared and none is run; rows of perfengine are made by a run only."""


def render_plan_sql(plan: Plan) -> str:
    """Return a script for psql: a schema with tables, constraints and functions, each statement prepared.

    Setup and teardown stand there as comments: they are for tables with rows.
    """
    parts = [
        *([_EXISTING_HEADER] if plan.existing is not None else _sandbox(plan)),
        *_remarks("setup, once the tables are filled", plan.setup),
        *("\n".join(_prepared(item.operation)) for item in plan.operations),
        *_remarks("teardown, whatever happened", plan.teardown),
    ]
    return "\n\n".join(parts) + "\n"


def _sandbox(plan: Plan) -> list[str]:
    return [
        _HEADER,
        f"CREATE SCHEMA {_SCHEMA};\nSET search_path = {_SCHEMA};",
        *(f"{create_table_ddl(table)};" for table in plan.tables),
        *(f"{statement};" for table in plan.tables for statement in constraints_ddl(table)),
        *(f"{function.ddl};" for function in plan.functions),
    ]


def _remarks(title: str, statements: Sequence[str]) -> Iterator[str]:
    if statements:
        yield "\n".join([f"-- {title}", *(f"--   {plain(statement)}" for statement in statements)])


def _prepared(operation: Operation) -> Iterator[str]:
    """Yield PREPARE under comments; what comes from a document is made harmless there."""
    yield f"-- {plain(operation.full_id)} [{operation.kind}]: ok when {expectation_text(operation.expectation)}"
    if operation.python:
        yield f"--   Python {plain(operation.python.path)}:{plain(operation.python.name)}"
        return
    if operation.pgbench and operation.pgbench.commands:
        for line in script_lines(operation):
            yield f"--   {line}"
        return
    steps = statement_steps(operation)
    if not steps:
        yield from _statement(operation.name, operation.sql, parameter_texts(operation))
    for number, step in enumerate(steps, start=1):
        name = f"{operation.name}_{number}" if len(steps) > 1 else operation.name
        yield from _statement(name, step.sql, binding_texts(step, operation))


def _statement(name: str, sql: str, texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        yield f"--   {text}"
    if sql.split(maxsplit=1)[0].lower() not in _PREPARABLE:  # CALL, say: only the wire protocol prepares it
        yield f"--   {plain(sql)}"
        return
    yield f"PREPARE {quote_identifier(shorten_identifier(name))} AS"
    yield sql + ("\n;" if "--" in sql.splitlines()[-1] else ";")
