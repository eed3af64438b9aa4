"""What the decorators leave on functions and classes, and reading it back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from perfengine.model.workload import OwnOperation

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.model.python_call import PythonCall
    from perfengine.model.requirement import Requirement

_MARK: Final = "__perfengine__"


class Moment(StrEnum):
    """When a function of a file runs that is no operation."""

    SETUP = "setup"
    TEARDOWN = "teardown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationMark:
    """What `@perfengine.operation` was told."""

    name: str
    position: Position
    weight: float = 1.0
    requirements: tuple[Requirement, ...] = ()
    iterations: int | None = None
    read_only: bool = False

    def as_operation(self, call: PythonCall) -> OwnOperation:
        """Return the operation that a scenario knows."""
        return OwnOperation(
            name=self.name,
            position=self.position,
            python=call,
            requirements=self.requirements,
            iterations=self.iterations,
            weight=self.weight,
            read_only=self.read_only,
        )


Mark = OperationMark | Moment


def mark(target: Any, what: Mark) -> None:  # noqa: ANN401 - a function or a class
    """Leave the mark on it."""
    setattr(target, _MARK, what)


def mark_of(target: object) -> Mark | None:
    """Return the mark of a function or a class; a subclass does not inherit it, and an instance has none."""
    found = getattr(target, "__dict__", {}).get(_MARK)
    return found if isinstance(found, OperationMark | Moment) else None
