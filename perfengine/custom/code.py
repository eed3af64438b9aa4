"""What a file, or a caller in this process, brings along: marked functions and classes by name."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfengine.custom.complaints import usage_error
from perfengine.custom.marks import Moment, OperationMark, mark_of
from perfengine.custom.module import load_module
from perfengine.custom.place import definition_position
from perfengine.custom.said import Said, operation_mark
from perfengine.errors import UsageError
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence

    from perfengine.custom.client import Client

    Attempt = Callable[[Client], Coroutine[Any, Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCode:
    """An operation's function or class, with its mark."""

    mark: OperationMark
    target: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Operations by name, in the order of their definition, and what runs before and after the load."""

    operations: Mapping[str, MarkedCode]
    setups: tuple[Attempt, ...] = ()
    teardowns: tuple[Attempt, ...] = ()


def code_of_file(path: str) -> Code:
    """Return what a file marks; what it imports from its neighbours counts as its own.

    Raises: UsageError for a file that cannot be imported, that marks nothing, or two operations of one name.
    """
    members = list(vars(load_module(path)).values())
    operations = [
        MarkedCode(mark=mark, target=member)
        for member in _once(members)
        if isinstance(mark := mark_of(member), OperationMark)
    ]
    if not operations:
        raise UsageError(f"{path}: no operations in it{_hint(members)}")
    return Code(
        operations=_by_name(operations),
        setups=_hooks(members, Moment.SETUP),
        teardowns=_hooks(members, Moment.TEARDOWN),
    )


def code_of_callables(
    callables: Sequence[Any], setup: Attempt | None = None, teardown: Attempt | None = None
) -> Code:
    """Return what was handed over in this process; what is not marked is an operation all the same.

    Without a setup or a teardown it has those that are marked in the modules of the callables.

    Raises: UsageError for what is no operation, or two operations of one name.
    """
    operations: list[MarkedCode] = []
    mistakes: list[Mistake] = []
    for target in _once(callables):
        mark = mark_of(target)
        if not isinstance(mark, OperationMark):
            mark, wrong = operation_mark(target, Said(), definition_position(target, None))
            mistakes += wrong
        operations.append(MarkedCode(mark=mark, target=target))
    if mistakes:
        raise usage_error(mistakes)
    members = [member for name in _modules(callables) for member in list(vars(sys.modules[name]).values())]
    return Code(
        operations=_by_name(operations),
        setups=(setup,) if setup else _hooks(members, Moment.SETUP),
        teardowns=(teardown,) if teardown else _hooks(members, Moment.TEARDOWN),
    )


def _by_name(operations: Iterable[MarkedCode]) -> dict[str, MarkedCode]:
    found: dict[str, MarkedCode] = {}
    mistakes = []
    for one in operations:
        first = found.setdefault(one.mark.name, one)
        if first is not one:
            where = f"{first.mark.position.path}:{first.mark.position.line}"
            message = f'another operation is called "{one.mark.name}", at {where}: give one of them a name of its own'
            mistakes.append(Mistake(position=one.mark.position, message=message))
    if mistakes:
        raise usage_error(mistakes)
    return found


def _hooks(members: Iterable[Any], moment: Moment) -> tuple[Attempt, ...]:
    return tuple(member for member in _once(members) if mark_of(member) is moment)


def _once(members: Iterable[Any]) -> Iterator[Any]:
    """Yield each object once: a module may know it by several names."""
    return iter({id(member): member for member in members}.values())


def _modules(callables: Iterable[Any]) -> Iterable[str]:
    names = dict.fromkeys(getattr(target, "__module__", "") for target in callables)
    return [name for name in names if name in sys.modules]


def _hint(members: Iterable[Any]) -> str:
    for member in members:
        if inspect.iscoroutinefunction(member) and mark_of(member) is None:
            position = definition_position(member, None)
            return (
                f": put `@perfengine.operation` above `async def {member.__name__}` in line {position.line}"
            )
    return ": put `@perfengine.operation` above an async function or a class"
