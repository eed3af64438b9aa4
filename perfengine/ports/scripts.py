"""pgbench scripts, as the load loop sees them: steps on a session, which a `TransactionCall` makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from perfengine.ports.target import Session

#: Waits so many nanoseconds.
Sleep = Callable[[int], Awaitable[None]]


class ScriptStep(NamedTuple):
    """A step as the load loop makes it: what is called, with which of the attempt's arguments."""

    call: Callable[..., Awaitable[Any]]
    values: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    settle: None = None  #: no step of a script looks at its reply after it


def all_arguments(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments of an attempt: the `values` of a step that takes them all, as they are."""
    return arguments


class Scripts(Protocol):
    """Where a load loop gets the scripts of its operations from."""

    async def steps(self, operation: Operation, session: Session, sleep_ns: Sleep) -> tuple[ScriptStep, ...]:
        """Return the steps of an operation, with every statement prepared; whatever preparing raises goes through."""
