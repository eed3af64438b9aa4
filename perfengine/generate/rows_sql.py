"""The part of an SQL file that makes rows: a function for a new one, one that stores it, the data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.generate.keys_sql import is_counted, key_counter_part, new_key_sql, overriding
from perfengine.generate.layout import laid_out
from perfengine.generate.literals import literal, literal_array
from perfengine.generate.names import one_line
from perfengine.generate.row_types import returned_type, variable_type
from perfengine.generate.values_sql import NUMBER, column_sql, needs_number
from perfengine.generate.workbench import dollar_quoted, key_type, states_of
from perfengine.model.generator import StateOf
from perfengine.model.operation import RuleValue
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.generate.workbench import Workbench
    from perfengine.model.operation import Operation
    from perfengine.model.table import Column, Table


def row_parts(bench: Workbench, table: Table) -> Iterator[str]:
    """Yield the functions that make a row of a table and store it, with the sequences that they need."""
    if is_counted(table):
        yield key_counter_part(bench, table)
    if _is_numbered(table):
        yield f"CREATE SEQUENCE {bench.helper(f'{table.name}_next_number')};"
    yield _new_row(bench, table)
    yield _add_row(bench, table)


def data_set_part(bench: Workbench) -> str:
    """Return what fills the table with rows that queries read."""
    count, states = bench.rows_of(bench.table), states_of(bench.table)
    body = (
        "BEGIN\n"
        f"  FOR i IN 0..{count - 1} LOOP\n"
        f"    PERFORM {adder(bench, bench.table)}(\n"
        f"      '', {turn_sql(states, 'i')}\n"
        "    );\n"
        "  END LOOP;\n"
        "END"
    )
    how = f", in turn {one_line(', '.join(states))}" if states else ""
    return (
        f"-- The data set: {count} rows{how}.\n"
        "-- Queries read them beside those that the table has.\n"
        f"DO {dollar_quoted(body, 'do')};"
    )


def turn_sql(states: tuple[str, ...], number: str) -> str:
    """Return the state of the row with that number, from 0; an empty text where there are none."""
    if len(states) < 2:
        return quote_literal("".join(states))
    return f"({literal_array(states)})[1 + {number} % {len(states)}]"


def maker(bench: Workbench, table: Table) -> str:
    """Return the function that makes a row of a table."""
    return bench.helper(f"new_{table.name}")


def adder(bench: Workbench, table: Table) -> str:
    """Return the function that makes a row of a table, stores it and returns its key."""
    return bench.helper(f"add_{table.name}")


def _is_numbered(table: Table) -> bool:
    return any(needs_number(column.generator) for column in table.columns[1:])


def _new_row(bench: Workbench, table: Table) -> str:
    name = quote_identifier(table.name)
    number = f"nextval({quote_literal(bench.helper(f'{table.name}_next_number'))})"
    lines = [
        "DECLARE",
        f"  made {variable_type(table)};",
        *([f"  {NUMBER} bigint := {number};"] if _is_numbered(table) else []),
        "BEGIN",
        *(f"  {_assignment(column, _value(bench, table, column))}" for column in table.columns),
        *(_exceptions(bench) if table is bench.table else []),
        "  RETURN made;",
        "END",
    ]
    body = "\n".join(lines)
    return (
        f"-- Makes a row of {one_line(name)} in a state; it is not stored yet.\n"
        f"CREATE FUNCTION {maker(bench, table)}(benchmark text, state text) RETURNS {returned_type(table)}\n"
        f"LANGUAGE plpgsql AS {dollar_quoted(body)};"
    )


def _value(bench: Workbench, table: Table, column: Column) -> str:
    if column is table.key:
        return new_key_sql(bench, table)
    return "state" if isinstance(column.generator, StateOf) else column_sql(column, bench.keys)


def _assignment(column: Column, value: str) -> str:
    return f"made.{quote_identifier(column.name)} := {value};"


def _exceptions(bench: Workbench) -> Iterator[str]:
    """Yield what the rows of some benchmarks have instead: for a guard to let them through, a rule to decide."""
    benchmarks: dict[tuple[str, ...], list[str]] = {}
    for operation in (item.operation for item in bench.operations):
        lines = (*_for_guard(bench, operation), *_for_rule(bench, operation))
        if lines:
            benchmarks.setdefault(lines, []).append(quote_literal(operation.name))
    for lines, names in benchmarks.items():
        which = f"= {names[0]}" if len(names) == 1 else f"IN ({', '.join(names)})"
        yield f"  IF benchmark {which} THEN"
        yield from (f"    {line}" for line in lines)
        yield "  END IF;"


def _for_guard(bench: Workbench, operation: Operation) -> Iterator[str]:
    guarded = bench.given.tried.guarded.get(operation.name)
    for usual, column in zip(bench.table.columns, guarded.columns if guarded else (), strict=False):
        if column.generator != usual.generator:
            yield _assignment(column, column_sql(column, bench.keys))


def _for_rule(bench: Workbench, operation: Operation) -> Iterator[str]:
    for parameter in operation.parameters:
        if isinstance(parameter, RuleValue):
            found = bench.given.tried.ruled[operation.entity]
            value = found[parameter.rule, parameter.field, parameter.accept]
            yield _assignment(bench.table.column(parameter.field), literal(value))


def _add_row(bench: Workbench, table: Table) -> str:
    name, key = quote_identifier(table.name), quote_identifier(table.key.name)
    columns = [quote_identifier(column.name) for column in table.columns]
    into = laid_out(f"INSERT INTO {name} ({', '.join(columns)}){overriding(table)}", "  ")
    values = laid_out(f"VALUES ({', '.join(f'made.{column}' for column in columns)})", "  ")
    body = (
        "DECLARE\n"
        f"  made {variable_type(table)} := {maker(bench, table)}(benchmark, state);\n"
        f"  stored {key_type(table)};\n"
        "BEGIN\n"
        f"{into}\n"
        f"{values}\n"
        f"  RETURNING {key} INTO STRICT stored;\n"
        "  RETURN stored;\n"
        "END"
    )
    return (
        "-- Stores such a row and returns its key.\n"
        f"CREATE FUNCTION {adder(bench, table)}(benchmark text, state text) RETURNS {key_type(table)}\n"
        f"LANGUAGE plpgsql AS {dollar_quoted(body)};"
    )
