"""A session with every operation of the phase made ready on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfengine.errors import InternalError
from perfengine.execution.lane import Lane, starved_lane, statement_lane
from perfengine.execution.transaction import Rests, transaction_call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfengine.model.operation import Operation
    from perfengine.ports.python_operations import BoundOperation, PythonOperations
    from perfengine.ports.recorder import Recorder
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

    def _bind(self, operation: Operation, session: Session) -> BoundOperation:
        if self.python is None:
            raise InternalError("an operation written in Python needs somebody who binds it")
        return self.python.bind(operation, session.driver)

    async def _sql_lane(self, operation: Operation, session: Session, recorder: Recorder) -> Lane:
        if operation.transaction is None:
            return statement_lane(operation, await session.prepare(operation.sql), recorder, self.target)
        call = await transaction_call(
            operation, operation.transaction, session, recorder, self.target, self.rests(operation)
        )
        # each step has looked at its own reply
        return Lane(operation, call, lambda _: True, recorder, self.target, call.commits)


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

    return Lane(operation, call, _returned, recorder, target)


def _returned(_: Any) -> bool:  # noqa: ANN401 - an operation written in Python says no by raising
    return True
