"""The SQL of an operation: one statement, or those of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.transaction import StatementStep

if TYPE_CHECKING:
    from perfengine.model.operation import Operation


def statement_steps(operation: Operation) -> tuple[StatementStep, ...]:
    """Return the statements of a transaction, in order; empty for an operation that is none."""
    steps = operation.transaction.steps if operation.transaction else ()
    return tuple(step for step in steps if isinstance(step, StatementStep))


def operation_sql(operation: Operation) -> str:
    """Return the statement of an operation, or those of its steps, a line each; empty where Python sends them."""
    return operation.sql or ";\n".join(step.sql for step in statement_steps(operation))
