"""Whether a function or a class can be called as an operation is: every fault, in words."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What others call the methods that nobody would call here.
_NEARLY = {
    "setup": "set_up",
    "setUp": "set_up",
    "on_start": "set_up",
    "teardown": "tear_down",
    "tearDown": "tear_down",
    "on_stop": "tear_down",
}


def operation_faults(target: object) -> Iterator[str]:
    """Yield what keeps a function or a class from being an operation."""
    if inspect.isclass(target):
        yield from _class_faults(target)
    else:
        yield from function_faults(target, "an operation")


def function_faults(target: Any, what: str) -> Iterator[str]:  # noqa: ANN401 - whatever was decorated
    """Yield what keeps it from being an async function that is called with a client."""
    if not inspect.isfunction(target):
        also = " or a class" if what == "an operation" else ""
        yield f"{_described(target)} was given where {what} is wanted: write an async function{also}"
        return
    name = target.__name__
    if inspect.isasyncgenfunction(target):
        yield f"{name} yields: {what} does its work and returns"
    elif not inspect.iscoroutinefunction(target):
        yield f"{name} is not async: write `async def {name}(client)`"
    if not _takes(target, 1):
        yield f"{name}{inspect.signature(target)} takes other arguments: write `async def {name}(client)`"


def _class_faults(target: type[Any]) -> Iterator[str]:
    name = target.__name__
    attempt = attempt_method(target)
    if attempt is None:
        yield f"class {name} makes no attempts: write `async def __call__(self, client)`"
    if not _takes(target, 0):
        yield f"class {name} is made without arguments, one for each session: its constructor must need none"
    for method in (attempt, "set_up", "tear_down"):
        if method is not None and (function := find_method(target, method)) is not None:
            yield from _method_faults(name, method, function)
    for found, meant in _NEARLY.items():
        if find_method(target, found) and not find_method(target, meant):
            yield f"nothing calls {name}.{found}: name it {meant}"


def _method_faults(name: str, method: str, function: Any) -> Iterator[str]:  # noqa: ANN401
    wanted = f"write `async def {method}(self, client)`"
    if not inspect.iscoroutinefunction(function):
        yield f"{name}.{method} is not async: {wanted}"
    elif not _takes(function, 2):
        yield f"{name}.{method}{inspect.signature(function)} takes other arguments: {wanted}"


def attempt_method(target: type[Any]) -> str | None:
    """Return the name of the method that makes an attempt: `__call__`, or `run` without one."""
    return next((name for name in ("__call__", "run") if find_method(target, name)), None)


def find_method(target: type[Any], name: str) -> Any:  # noqa: ANN401 - a function of the user's
    """Return the function behind a method of the class or of its bases; None if there is none."""
    return next((vars(base)[name] for base in target.__mro__ if name in vars(base)), None)


def _takes(target: Any, arguments: int) -> bool:  # noqa: ANN401
    try:
        inspect.signature(target).bind(*range(arguments))
    except (TypeError, ValueError):
        return False
    return True


def _described(target: object) -> str:
    return repr(target) if isinstance(target, str | int | float) else f"{type(target).__name__} object"
