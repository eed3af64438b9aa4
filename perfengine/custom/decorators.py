"""`@perfengine.operation`, `@perfengine.setup` and `@perfengine.teardown`: they mark, and change nothing else."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypeVar, overload

from perfengine.custom.callables import function_faults
from perfengine.custom.complaints import complain
from perfengine.custom.marks import Moment, mark
from perfengine.custom.place import definition_position
from perfengine.custom.said import Said, operation_mark
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from types import FrameType

    from perfengine.custom.client import Client

    Attempt = Callable[[Client], Coroutine[Any, Any, Any]]

Marked = TypeVar("Marked", bound="Attempt | type[Any]")
Hook = TypeVar("Hook", bound="Attempt")


@overload
def operation(name: Marked, /) -> Marked: ...
@overload
def operation(
    name: str | None = None,
    *,
    weight: float = 1.0,
    requirements: Mapping[str, str | float] | None = None,
    iterations: int | None = None,
    read_only: bool = False,
) -> Callable[[Marked], Marked]: ...
def operation(
    name: Any = None,
    *,
    weight: float = 1.0,
    requirements: Mapping[str, str | float] | None = None,
    iterations: int | None = None,
    read_only: bool = False,
) -> Any:
    """Mark an async function, or a class, as an operation: `async def checkout(client): ...`.

    A class is made once for each session, without arguments. Its `async def __call__(self, client)`, or `run`, makes
    an attempt; `set_up` and `tear_down`, if it has them, come before the first of them and after the last.

    An attempt is ok when it returns. What it raises counts as the database says, `perfengine.Refused` as refused.

    `name` is what reports and filters call it; without one, the name of the function or class. `weight` is how often
    it runs in a mix, against the weights of the others. `requirements` are limits: `{"p95": "50ms", "error_rate":
    0.01}`. `iterations` are its attempts in all, where nothing else says how many. `read_only` says that it changes
    nothing, so that an attempt whose connection breaks leaves no doubt behind.

    Raises: UsageError, with the place and everything that is wrong.
    """
    said = Said(
        name=name if isinstance(name, str) else None,
        weight=weight,
        requirements=requirements or {},
        iterations=iterations,
        read_only=read_only,
    )
    if name is None or isinstance(name, str):
        return lambda target: _mark_operation(target, said, inspect.currentframe())
    return _mark_operation(name, said, inspect.currentframe())


def setup(function: Hook) -> Hook:
    """Mark an async function that runs once, before anything is loaded: `async def create_tables(client): ...`.

    What it makes goes into the sandbox, the run's own schema, and is dropped with it.

    Raises: UsageError, with the place and everything that is wrong.
    """
    return _mark_hook(function, Moment.SETUP, inspect.currentframe())


def teardown(function: Hook) -> Hook:
    """Mark an async function that runs once, after the load, whatever became of it.

    Raises: UsageError, with the place and everything that is wrong.
    """
    return _mark_hook(function, Moment.TEARDOWN, inspect.currentframe())


def _mark_operation(target: Any, said: Said, frame: FrameType | None) -> Any:  # noqa: ANN401 - what is marked
    found, mistakes = operation_mark(target, said, definition_position(target, _caller(frame)))
    complain(mistakes)
    if not mistakes:
        mark(target, found)
    return target


def _mark_hook(function: Hook, moment: Moment, frame: FrameType | None) -> Hook:
    position = definition_position(function, _caller(frame))
    faults = function_faults(function, f"@perfengine.{moment}")
    mistakes = [Mistake(position=position, message=message) for message in faults]
    complain(mistakes)
    if not mistakes:
        mark(function, moment)
    return function


def _caller(frame: FrameType | None) -> FrameType | None:
    return frame.f_back if frame else None
