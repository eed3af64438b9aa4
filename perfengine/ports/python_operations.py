"""Operations written in Python, as the load loop sees them: bound to a session, called with a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from perfengine.model.operation import Operation


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
