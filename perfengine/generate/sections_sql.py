"""The benchmarks of an SQL file, one after the other, each on rows that are as they were before the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.generate.literals import literal_array
from perfengine.generate.names import one_line
from perfengine.generate.statements_sql import statement_sql
from perfengine.generate.workbench import dollar_quoted
from perfengine.model.operation import Effect, Kind, Success
from perfengine.model.sql import quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.generate.workbench import Workbench
    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan


def benchmark_parts(bench: Workbench) -> Iterator[str]:
    """Yield a section for each operation: first those that read, in order, then those that write.

    Rows that were rolled back still lie in the table until a vacuum, and a query would have to pass them.
    """
    ordered = sorted(bench.operations, key=lambda item: item.operation.rows is not None)
    for number, item in enumerate(ordered, start=1):
        yield "\n".join(_section(bench, number, item))


def iterations_of(item: OperationPlan) -> int:
    """Return how often an operation is executed and measured; where time is its end, as often as usual."""
    return item.iterations or item.operation.default_iterations


def _section(bench: Workbench, number: int, item: OperationPlan) -> Iterator[str]:
    operation, iterations = item.operation, iterations_of(item)
    name, rows = quote_literal(operation.name), operation.rows
    yield f"-- {number}. {one_line(operation.name)}: {one_line(_what(bench, operation))}"
    if rows is not None and not rows.inserts:
        states = literal_array(rows.source_states)
        yield f"CALL {bench.helper('claim')}({name}, {states}, {rows.per_attempt}, {iterations});"
    statement = dollar_quoted(statement_sql(bench, operation), "sql")
    yield f"SELECT * FROM {bench.helper('benchmark')}({name}, {statement}, {iterations}{_refusal(operation)});"
    if rows is not None and rows.effect is Effect.STATE and rows.target_state is not None:
        yield f"CALL {bench.helper('verify')}({name}, {quote_literal(rows.target_state)});"
    yield "ROLLBACK TO SAVEPOINT ready;"


def _refusal(operation: Operation) -> str:
    asked = operation.expectation
    return f", {quote_literal(asked.sqlstate)}" if asked.success is Success.REFUSED and asked.sqlstate else ""


def _what(bench: Workbench, operation: Operation) -> str:
    rows = operation.rows
    if operation.kind in {Kind.SINGLE_TRANSITION, Kind.BULK_TRANSITION} and rows is not None:
        count = "a row" if rows.per_attempt == 1 else f"{rows.per_attempt} rows"
        return f"{count} from {' or '.join(rows.source_states)} to {rows.target_state or 'the same state'}"
    if operation.kind in {Kind.VALIDATION_ACCEPT, Kind.VALIDATION_REJECT}:
        rule = next(check.expression for check in bench.table.checks if check.rule == operation.rule)
        verb = "accepts" if operation.kind is Kind.VALIDATION_ACCEPT else "refuses"
        return f"a new row that the rule {verb}: {rule}"
    return "rows by their state" if operation.kind is Kind.SIMPLE_SELECT else "rows by several conditions"
