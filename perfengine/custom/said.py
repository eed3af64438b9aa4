"""What a decorator was told about an operation, and whether that can be."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from perfengine.custom.callables import operation_faults
from perfengine.custom.limits import read_limits
from perfengine.custom.marks import OperationMark
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.mistake import Position

#: No dots, colons or stars: they mean something in full ids, in `file.py:name` and in filters.
_NAME: Final = re.compile(r"[^\W\d][\w-]{0,62}\Z")
_MAX_ITERATIONS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The arguments of `@perfengine.operation`, as written."""

    name: str | None = None
    weight: float = 1.0
    requirements: Any = field(default_factory=dict)  #: a mapping, if all is well
    iterations: int | None = None
    read_only: bool = False


def operation_mark(target: Any, said: Said, position: Position) -> tuple[OperationMark, list[Mistake]]:  # noqa: ANN401
    """Return the mark of an operation, and everything that is wrong with it."""
    name = getattr(target, "__name__", "") if said.name is None else said.name
    faults = [*operation_faults(target), *_faults(name, said)]
    limits = said.requirements if isinstance(said.requirements, Mapping) else {}
    requirements, mistakes = read_limits(name, limits, position)
    found = OperationMark(
        name=name,
        position=position,
        weight=float(said.weight) if _is_number(said.weight) else 1.0,
        requirements=requirements,
        iterations=said.iterations,
        read_only=said.read_only,
    )
    return found, [*(Mistake(position=position, message=message) for message in faults), *mistakes]


def _faults(name: str, said: Said) -> Iterator[str]:
    if (name or said.name is not None) and not _NAME.match(name):
        yield f"name {name!r} is no name of an operation: write letters, digits, _ and -, at most 63, no digit first"
    if not _is_number(said.weight) or not 0 < said.weight < math.inf:
        yield f"weight {said.weight!r} is no weight: write a number above 0"
    iterations = said.iterations
    if iterations is not None and not (type(iterations) is int and 1 <= iterations <= _MAX_ITERATIONS):
        yield f"iterations {iterations!r} is no number of attempts: write a whole number from 1 to {_MAX_ITERATIONS}"
    if not isinstance(said.requirements, Mapping):
        yield f'requirements {said.requirements!r} are no limits: write {{"p95": "50ms"}}'
    if not isinstance(said.read_only, bool):
        yield f"read_only {said.read_only!r} is neither True nor False"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
