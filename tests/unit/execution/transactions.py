"""Transactions for tests: two steps, a debit and a credit, on a server that answers by statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfengine.model.operation import Group, Kind
from perfengine.model.transaction import Argument, Captured, StatementStep, Transaction
from tests.builders import make_operation
from tests.doubles.records import Record
from tests.doubles.target import Act, Behaviour, Reply
from tests.unit.execution.crews import make_rig

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from tests.unit.execution.crews import Rig

FIND, TAKE = "SELECT find", "UPDATE take"
STEPS = (
    StatementStep(sql=FIND, bindings=(Argument(position=0),), name="found"),
    StatementStep(sql=TAKE, bindings=(Captured(step="found", column="key"), Argument(position=1))),
)
FOUND = Reply(rows=(Record(key=7, other=8),))


def transacting(*, writes: bool = True, **parts: Any) -> Operation:
    """Return an own operation; `parts` are those of its `Transaction`, the two steps unless said."""
    transaction = Transaction(**({"steps": STEPS} | parts))
    return replace(
        make_operation("transfer", group=Group.OWN, kind=Kind.TRANSACTION),
        transaction=transaction,
        read_only=not writes,
    )


def by_statement(**acts: Act | Sequence[Act]) -> Behaviour:
    """Return what answers by the first word of a statement; of a sequence of acts the last one stays."""
    left = {word: [act] if not isinstance(act, Sequence) else list(act) for word, act in acts.items()}

    def behave(sql: str, _: tuple[Any, ...]) -> Act:
        queue = left.get(sql.split(maxsplit=1)[0])
        if queue is None:
            return FOUND if sql == FIND else Reply(rows=(), tag="UPDATE 1")
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return behave


async def make_transaction_rig(
    behaviour: Behaviour, operation: Operation, attempts: int = 1, **parts: Any
) -> Rig:
    """Return a crew of one client whose attempts have the arguments (n, 100 + n)."""
    items = [(0, (n, 100 + n)) for n in range(attempts)]
    return await make_rig(behaviour, operations=[operation], items=items, **parts)


def statements(rig: Rig) -> list[str]:
    """Return what the server was asked, in order, without arguments."""
    return [sql for sql, _ in rig.target.said]
