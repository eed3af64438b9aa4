"""A session with every operation of the phase made ready on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from perfengine.errors import InternalError
from perfengine.execution.lane import Lane, starved_lane, statement_lane
from perfengine.execution.transaction import Rests, TransactionCall, transaction_call
from perfengine.ports.scripts import all_arguments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from perfengine.model.operation import Operation
    from perfengine.ports.python_operations import BoundOperation, PythonOperations
    from perfengine.ports.recorder import Recorder
    from perfengine.ports.scripts import Scripts, ScriptStep
    from perfengine.ports.target import Session, Target


@dataclass(slots=True)
class Link:
    """A session and its lanes: lane i is operation i, lane n + i the same without a row to work on."""

    session: Session
    lanes: tuple[Lane, ...]
    bound: tuple[BoundOperation, ...] = ()  #: operations written in Python, set up on this session


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What a session needs to become a link: the operations of a phase and all that is wired to them."""

    operations: Sequence[Operation]
    recorders: Sequence[Recorder]  #: one an operation
    target: Target
    rests: Callable[[Operation], Rests]
    python: PythonOperations | None = None
    scripts: Scripts | None = None
    _rests: dict[str, Rests] = field(default_factory=dict, init=False, repr=False, compare=False)

    async def equip(self, session: Session) -> Link:
        """Return the link; whatever preparing or setting up raises goes through."""
        lanes, bound = [], []
        for operation, recorder in zip(self.operations, self.recorders, strict=True):
            if operation.python is not None:
                one = self._bind(operation, session)
                await one.set_up()
                bound.append(one)
                lanes.append(python_lane(operation, one, session, recorder, self.target))
            else:
                lanes.append(await self._sql_lane(operation, session, recorder))
        starved = [
            starved_lane(operation, recorder, self.target)
            for operation, recorder in zip(self.operations, self.recorders, strict=True)
        ]
        return Link(session, (*lanes, *starved), tuple(bound))

    def _rests_of(self, operation: Operation) -> Rests:
        """Return how attempts of an operation wait, the same for all sessions: they take turns with its draws."""
        if operation.full_id not in self._rests:
            self._rests[operation.full_id] = self.rests(operation)
        return self._rests[operation.full_id]

    def _bind(self, operation: Operation, session: Session) -> BoundOperation:
        if self.python is None:
            raise InternalError("an operation written in Python needs somebody who binds it")
        return self.python.bind(operation, session.driver)

    async def _sql_lane(self, operation: Operation, session: Session, recorder: Recorder) -> Lane:
        if operation.pgbench is not None:
            return await self._script_lane(operation, session, recorder)
        if operation.transaction is None:
            return statement_lane(operation, await session.prepare(operation.sql), recorder, self.target)
        call = await transaction_call(
            operation, operation.transaction, session, recorder, self.target, self._rests_of(operation)
        )
        # each step has looked at its own reply
        return Lane(operation, call, lambda _: True, recorder, self.target, call.commits)

    async def _script_lane(self, operation: Operation, session: Session, recorder: Recorder) -> Lane:
        if self.scripts is None or operation.pgbench is None or operation.pgbench.statements is None:
            raise InternalError("a pgbench script needs somebody who binds it")
        rests, transaction = self._rests_of(operation), operation.pgbench.statements
        steps = await self.scripts.steps(operation, session, rests.sleep_ns)
        if len(steps) == len(transaction.steps) == 1 and not (
            transaction.explicit or transaction.retry.max_retries
        ):
            return Lane(operation, _lone(steps[0]), _returned, recorder, self.target)
        call = TransactionCall(operation, transaction, session, steps, recorder, self.target, rests)
        return Lane(operation, call, _returned, recorder, self.target, call.commits)


def _lone(step: ScriptStep) -> Callable[..., Awaitable[Any]]:
    """Return the call of a script that is one statement: the driver's own, where it takes all arguments."""
    call, values = step.call, step.values
    return call if values is all_arguments else lambda *arguments: call(*values(arguments))


def python_lane(
    operation: Operation, bound: BoundOperation, session: Session, recorder: Recorder, target: Target
) -> Lane:
    """Return the lane of an operation written in Python; it leaves no transaction open behind it."""

    async def call(number: int) -> None:
        try:
            await bound(number)
        except Exception:
            if session.in_transaction():
                await session.execute("ROLLBACK")
            raise

    return Lane(operation, call, _returned, recorder, target, driver=session.driver)


def _returned(_: Any) -> bool:  # noqa: ANN401 - operations written in Python, and scripts, say no by raising
    return True
