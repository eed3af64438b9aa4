"""Pass: what may be done on tables that others use: on rows of ours only, or rolled back.

What a statement of the author's own changes only the author knows; so it runs where it changes nothing, or where all
of it is rolled back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.picks import searches
from perfengine.errors import PlanError
from perfengine.model.operation import Effect, Group, Operation
from perfengine.model.statement_kinds import ends_transaction
from perfengine.model.transaction import Argument, StatementStep, Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.compiler.draft import Draft


def keep_to_own_rows(draft: Draft) -> Draft:
    """Return the draft with operations that change rows of ours only; rolled back, where that was asked for.

    Raises: PlanError with a line for everything that would do more.
    """
    problems = [*_problems(draft)]
    if problems:
        raise PlanError("\n".join(problems))
    is_rolled_back = draft.settings.rollback
    selected = tuple(
        _rolled_back(one) if is_rolled_back and one.writes else _held_to_reading(one)
        for one in draft.selected
    )
    return replace(draft, selected=selected)


def _problems(draft: Draft) -> Iterator[str]:
    workload = draft.scenario.workload
    if searches(draft.pick) and any(one.rows for one in draft.selected):
        yield (
            f"pick: {draft.pick}: the statements would look for their rows among those of others; on existing tables "
            "use claim or random"
        )
    if workload.prepare is False:
        yield "prepare: false: existing tables are loaded over sessions of their own, not through a pooler"
    if (draft.setup or draft.teardown) and (draft.read_only or draft.settings.rollback):
        option = "--read-only" if draft.read_only else "--rollback"
        yield f"setup: and teardown: may write, and nothing of them is rolled back: not with {option}"
    for operation in draft.selected:
        if operation.group is Group.OWN:
            yield from _ending(operation)
            if not operation.read_only:
                yield from _own(operation, rollback=draft.settings.rollback)


def _ending(operation: Operation) -> Iterator[str]:
    """Yield why the steps of a transaction could not be held in it."""
    steps = operation.transaction.steps if operation.transaction else ()
    texts = [step.sql for step in steps if isinstance(step, StatementStep)]
    if any(map(ends_transaction, texts)):
        yield (
            f"{operation.name} ends its transaction in one of its steps: on existing tables it could then neither be "
            f"rolled back nor be kept to reading; take that step out, or leave it out: --exclude {operation.name}"
        )


def _own(operation: Operation, *, rollback: bool) -> Iterator[str]:
    name = operation.name
    if operation.python is not None:
        yield (
            f"{name} is written in Python, and what it changes on existing tables cannot be known: say "
            f"read_only=True where it changes nothing, or leave it out: --exclude {name}"
        )
    elif not rollback:
        yield (
            f"{name} is a statement of your own, and which rows it changes on existing tables cannot be known: say "
            f"read_only: true where it changes none, roll everything back with --rollback, or leave it out: "
            f"--exclude {name}"
        )


def _rolled_back(operation: Operation) -> Operation:
    """Return the operation as a transaction that ends in ROLLBACK: its rows are then as they were."""
    transaction = operation.transaction or Transaction(steps=(_lone_step(operation),))
    rows = operation.rows
    return replace(
        operation,
        transaction=replace(transaction, explicit=True, rolls_back=True),
        rows=rows and replace(rows, consumed=False, effect=Effect.NONE),
    )


def _held_to_reading(operation: Operation) -> Operation:
    """Return a block of the author's own that says it reads as a block that can do nothing else."""
    transaction = operation.transaction
    if transaction is None or not transaction.explicit or not operation.read_only:
        return operation
    return replace(operation, transaction=replace(transaction, read_only=True))


def _lone_step(operation: Operation) -> StatementStep:
    bindings = tuple(Argument(position=position) for position in range(len(operation.parameters)))
    return StatementStep(sql=operation.sql, bindings=bindings, expectation=operation.expectation)
