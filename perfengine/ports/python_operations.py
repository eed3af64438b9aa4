"""Operations written in Python, as the load loop sees them: bound to a session, called with a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from perfengine.model.operation import Operation

#: Of a reason, as of every message that is counted.
MAX_CHARACTERS = 200


class Refused(Exception):  # noqa: N818 - what became of an attempt, not an error
    """Raised by an operation: the application's own rules said no. The attempt counts as refused, not as an error."""

    def __init__(self, reason: str = "the operation says no") -> None:
        self.reason = " ".join(reason.split())
        super().__init__(self.reason)

    @property
    def failure(self) -> Failure:
        """What the attempt comes to."""
        return Failure(
            outcome=Outcome.REFUSED, sqlstate=None, error_class="reply", message=self.reason[:MAX_CHARACTERS]
        )


class BoundOperation(Protocol):
    """An operation on one session. Calls on one session never overlap."""

    async def set_up(self) -> None:
        """Do what comes before the first attempt on this session; not measured."""

    async def __call__(self, number: int) -> None:
        """Make the attempt of that number; returning is success, an exception is data."""

    async def tear_down(self) -> None:
        """Do what comes after the last attempt on this session; not measured."""


class PythonOperations(Protocol):
    """Where a load loop gets its Python operations from."""

    def bind(self, operation: Operation, driver: Any) -> BoundOperation:  # noqa: ANN401 - the driver's connection
        """Return the operation bound to a session's driver connection."""
