"""The steps of an own operation: the lone statement of `sql:`, or those of a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.workload import OwnPause, OwnStatement
from perfengine.spec.meaning.expectations import build_expectation
from perfengine.spec.meaning.think import build_think
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.mistake import Position
    from perfengine.spec.meaning.own_sql import OwnSql
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.operation_parts import OwnOperationPart, StepPart, TransactionPart


def written_steps(part: OwnOperationPart) -> tuple[MapNode, ...]:
    """Return the steps of the transaction as written, wrong ones included."""
    transaction = part.node.origin.get("transaction")
    steps = transaction.get("steps") if isinstance(transaction, MapNode) else None
    return tuple(step for step in steps if isinstance(step, MapNode)) if isinstance(steps, ListNode) else ()


def named_steps(written: Sequence[MapNode], mistakes: Mistakes) -> dict[str, Position]:
    """Return where the steps have their names; two of one name are noted."""
    steps: dict[str, Position] = {}
    for step in written:
        name = step.get("as")
        if not isinstance(name, str):
            continue
        if name in steps:
            message = f"as: {quoted(name)} is the name of a step above: give each its own"
            mistakes.add(step.values_at["as"], message)
        steps.setdefault(name, step.values_at["as"])
    return steps


def read_steps(part: OwnOperationPart, sql: OwnSql, mistakes: Mistakes) -> Iterator[OwnStatement | OwnPause]:
    """Yield what is done, in its order; what is wrong is noted."""
    if part.sql is not None:
        place = part.place("sql")
        sql.check(part.sql, place)
        yield OwnStatement(sql=part.sql, position=place, expectation=build_expectation(part.expect, mistakes))
    elif part.transaction is not None:
        _check_statements(part.transaction, written_steps(part), sql, mistakes)
        for step in part.transaction.steps:
            _check_step(step, mistakes)
            yield from _read_step(step, sql, mistakes)


def _check_statements(
    part: TransactionPart, written: Sequence[MapNode], sql: OwnSql, mistakes: Mistakes
) -> None:
    statements = [step for step in written if "sql" in step]
    if not statements:
        mistakes.add(part.node.origin.values_at["steps"], "steps: there is no statement among them")
    read = {id(step.node.origin) for step in part.steps if step.sql is not None}
    unread = [step for step in statements if id(step) not in read]
    if unread:
        sql.pass_over([name for step in unread if isinstance(name := step.get("as"), str)])


def _read_step(step: StepPart, sql: OwnSql, mistakes: Mistakes) -> Iterator[OwnStatement | OwnPause]:
    if step.sql is not None:
        place = step.place("sql")
        sql.check(step.sql, place, step.name)
        expectation = build_expectation(step.expect, mistakes)
        yield OwnStatement(sql=step.sql, position=place, name=step.name, expectation=expectation)
    elif step.think is not None:
        think = build_think(step.think, mistakes)
        if think is not None:
            yield OwnPause(think=think)


def _check_step(step: StepPart, mistakes: Mistakes) -> None:
    node = step.node.origin
    if "sql" in node and "think" in node:
        mistakes.add(node.keys_at["think"], "think: a step is sql or think: make it a step of its own")
    elif "think" in node:
        for key in ("as", "expect"):
            if key in node:
                mistakes.add(node.keys_at[key], f"{key}: belongs to a step with sql")
    elif "sql" not in node and node and all(step.accepts(key) for key in node):
        mistakes.add(node.position, "a step needs sql or think")
