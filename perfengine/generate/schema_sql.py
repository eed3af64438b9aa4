"""The part of an SQL file that brings the tables and functions it needs: for an empty database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.generate.workbench import dollar_quoted
from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.generate.workbench import Workbench
    from perfengine.model.table import Function


def schema_parts(bench: Workbench) -> Iterator[str]:
    """Yield the schema, and in it the tables with their constraints and the functions that are called."""
    schema = bench.tables_schema
    yield (
        "-- The tables and functions of the entity file, in a schema of their own.\n"
        f"CREATE SCHEMA {schema};\n"
        f"SET LOCAL search_path = {schema}, public;"
    )
    for table in (*bench.parents, bench.table):
        yield "\n".join(f"{statement};" for statement in (create_table_ddl(table), *constraints_ddl(table)))
    for function in called_functions(bench):
        yield f"{function.ddl};"


def search_path_parts(bench: Workbench) -> Iterator[str]:
    """Yield what leads to the schemas in which documents say that tables are; nothing where they do not say so."""
    tables = (bench.table, *bench.parents)
    schemas = dict.fromkeys(bench.given.schemas.get(table.name, "") for table in tables)
    names = ", ".join(quote_identifier(schema) for schema in schemas if schema)
    if names:
        path = f"{quote_literal(f'{names}, ')} || current_setting('search_path')"
        body = f"BEGIN\n  PERFORM set_config('search_path', {path}, true);\nEND"
        yield f"-- Where the entity files say that the tables are.\nDO {dollar_quoted(body, 'do')};"


def called_functions(bench: Workbench) -> tuple[Function, ...]:
    """Return the functions that the benchmarks call."""
    statements = [item.operation.sql for item in bench.operations]
    return tuple(
        function
        for function in bench.given.plan.functions
        if any(f"{quote_identifier(function.name)}(" in statement for statement in statements)
    )
