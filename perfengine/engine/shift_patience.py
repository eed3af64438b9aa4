"""How long an attempt may take before its server counts as silent: all its statements, and its own pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.execution.crew import patience_for
from perfengine.model.transaction import PauseStep
from perfengine.pgbench.settle import statements_at_most
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.execution.crew import Patience
    from perfengine.execution.transaction import Rests
    from perfengine.model.operation import Operation
    from perfengine.model.plan import PhasePlan
    from perfengine.model.transaction import Transaction

#: Statements that an attempt written in Python is given time for.
PYTHON_STATEMENTS: Final = 20
#: What a statement of a script is given at least: its pauses are counted in statements of so long.
_SCRIPT_STATEMENT_NS: Final = 30 * NS_PER_S


def patience_of(
    phase: PhasePlan, statement_limit_ns: int, rests_of: Callable[[Operation], Rests]
) -> Patience:
    """Return the patience with a server that ends each statement of a phase after `statement_limit_ns`."""
    operations = (plan.operation for plan in phase.operations)
    return patience_for(max(_longest_ns(one, statement_limit_ns, rests_of) for one in operations))


def _longest_ns(operation: Operation, limit_ns: int, rests_of: Callable[[Operation], Rests]) -> int:
    if operation.python is not None:
        return PYTHON_STATEMENTS * limit_ns
    if operation.pgbench is not None:
        return statements_at_most(operation.pgbench) * max(limit_ns, _SCRIPT_STATEMENT_NS)
    if operation.transaction is not None:
        return _longest_transaction_ns(operation.transaction, limit_ns, rests_of(operation))
    return limit_ns


def _longest_transaction_ns(transaction: Transaction, limit_ns: int, rests: Rests) -> int:
    """Return what all tries take, with the pauses in them and the back-offs between them."""
    pauses = [number for number, step in enumerate(transaction.steps) if isinstance(step, PauseStep)]
    paused_ns = sum(max(rests.pauses_ns(number)) for number in pauses)
    sent = len(transaction.steps) - len(pauses) + 2  # BEGIN and COMMIT
    retries = transaction.retry.max_retries
    backed_off_ns = transaction.retry.backoff_ns * ((1 << retries) - 1)
    return (retries + 1) * (sent * limit_ns + paused_ns) + backed_off_ns
