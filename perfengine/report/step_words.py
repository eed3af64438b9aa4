"""Operations of several steps in words: what stands between BEGIN and COMMIT, and when it is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.transaction import Argument, StatementStep
from perfengine.report.load_words import duration_text, think_text
from perfengine.report.plan_words import expectation_text, source_text
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.operation import Operation
    from perfengine.model.transaction import Captured, Retry, Step, Transaction


def transaction_lines(operation: Operation, transaction: Transaction) -> Iterator[str]:
    """Yield BEGIN, the steps with where their values come from, COMMIT, and when all of it is tried again."""
    if transaction.explicit:
        yield _begin(transaction)
    for number, step in enumerate(transaction.steps, start=1):
        yield from _step_lines(number, step, operation)
    if transaction.explicit:
        yield "COMMIT"
    if transaction.retry.max_retries:
        yield _retry_text(transaction.retry)


def script_lines(operation: Operation) -> Iterator[str]:
    """Yield the statements of a pgbench script that is followed command by command, and when it is tried again."""
    yield "a pgbench script, followed command by command"
    for line in operation.sql.splitlines():
        yield f"   {plain(line)}"
    retry = operation.pgbench.statements.retry if operation.pgbench and operation.pgbench.statements else None
    if retry and retry.max_retries:
        yield _retry_text(retry)


def binding_texts(step: StatementStep, operation: Operation) -> Iterator[str]:
    """Yield `$1: balance of account` for each parameter of a step, in order."""
    for number, binding in enumerate(step.bindings, start=1):
        yield f"${number}: {plain(_binding_text(binding, operation))}"


def _begin(transaction: Transaction) -> str:
    words = [
        "BEGIN",
        f"ISOLATION LEVEL {transaction.isolation}" if transaction.isolation else "",
        "READ ONLY" if transaction.read_only else "",
    ]
    return " ".join(filter(None, words))


def _step_lines(number: int, step: Step, operation: Operation) -> Iterator[str]:
    if not isinstance(step, StatementStep):
        yield f"   {number}. think {think_text(step.think)}"
        return
    name = f" (as {plain(step.name)})" if step.name else ""
    yield f"   {number}. {plain(step.sql)}{name}"
    for text in binding_texts(step, operation):
        yield f"      {text}"
    if step.expectation:
        yield f"      ok when {expectation_text(step.expectation)}"


def _binding_text(binding: Argument | Captured, operation: Operation) -> str:
    if isinstance(binding, Argument):
        return source_text(operation.parameters[binding.position], operation.rows)
    return f"{binding.column} of {binding.step}"


def _retry_text(retry: Retry) -> str:
    times = "once" if retry.max_retries == 1 else f"{retry.max_retries} times"
    wait = f", waiting {duration_text(retry.backoff_ns)} at first" if retry.backoff_ns else ""
    return f"tried again at most {times} after {', '.join(sorted(retry.sqlstates))}{wait}"
