"""A script followed command by command: for those in which something depends on what the server answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from perfengine.errors import InternalError
from perfengine.model.pgbench import If, Set, Sleep, Sql
from perfengine.pgbench.arguments import randoms
from perfengine.pgbench.captured import kept, read_as_text
from perfengine.pgbench.evaluate import computing
from perfengine.pgbench.prepare import prepared
from perfengine.pgbench.values import ScriptError, is_true, to_text, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from perfengine.model.operation import Operation
    from perfengine.model.pgbench import Command, Value
    from perfengine.pgbench.evaluate import Compute
    from perfengine.pgbench.prng import Prng
    from perfengine.pgbench.reading_types import Reader
    from perfengine.ports.scripts import Sleep as SleepNs
    from perfengine.ports.target import Session

    Variables = dict[str, Value]

_WHOLE: Final = re.compile(r"\s*[-+]?[0-9]+", re.ASCII)


class _Ready(NamedTuple):
    """A command made ready: what it calls, and whether that is waited for; else it returns what comes next."""

    run: Callable[..., Any]
    waits: bool


async def followed(
    operation: Operation, session: Session, sleep_ns: SleepNs, seed: int, variables: Variables
) -> Callable[[int], Coroutine[Any, Any, None]]:
    """Return what makes the attempt of a number; what it draws is the same in every try.

    Raises: as `BoundScripts.steps`. When called: ScriptError, and whatever the driver raises.
    """
    if operation.pgbench is None:
        raise InternalError(f"{operation.full_id} was not written as a script")
    ready = await _ready(operation.pgbench.commands, session, sleep_ns)
    random_of = randoms(operation.full_id, seed)

    def attempt(number: int) -> Coroutine[Any, Any, None]:
        return _follow(ready, variables, random_of(number))

    return attempt


async def _follow(commands: Sequence[_Ready], variables: Variables, random: Prng) -> None:
    for run, waits in commands:
        if waits:
            await run(variables)
        elif inner := run(variables, random):
            await _follow(inner, variables, random)


async def _ready(commands: Sequence[Command], session: Session, sleep_ns: SleepNs) -> tuple[_Ready, ...]:
    ready = []
    for command in commands:
        match command:
            case Set():
                ready.append(_Ready(_set(command), waits=False))
            case Sleep():
                ready.append(_Ready(_sleep(command, sleep_ns), waits=True))
            case Sql():
                ready.append(_Ready(await _sql(command, session), waits=True))
            case If():
                ready.append(_Ready(await _if(command, session, sleep_ns), waits=False))
    return tuple(ready)


def _set(command: Set) -> Callable[[Variables, Prng], None]:
    name, compute, place = command.name, computing(command.expression), command.place

    def run(variables: Variables, random: Prng) -> None:
        try:
            variables[name] = compute(variables, random)
        except ScriptError as error:
            raise ScriptError(f"{place}: \\set {name}: {error}") from error

    return run


async def _if(
    command: If, session: Session, sleep_ns: SleepNs
) -> Callable[[Variables, Prng], Sequence[_Ready]]:
    arms: list[tuple[Compute | None, tuple[_Ready, ...], str]] = [
        (
            None if arm.condition is None else computing(arm.condition),
            await _ready(arm.commands, session, sleep_ns),
            arm.place,
        )
        for arm in command.arms
    ]

    def run(variables: Variables, random: Prng) -> Sequence[_Ready]:
        for condition, commands, place in arms:
            try:
                if condition is None or is_true(condition(variables, random)):
                    return commands
            except ScriptError as error:
                raise ScriptError(f"{place}: {error}") from error
        return ()

    return run


def _sleep(command: Sleep, sleep_ns: SleepNs) -> Callable[[Variables], Any]:
    length_ns, name, unit_ns, place = command.length_ns, command.variable, command.unit_ns, command.place
    if name is None:
        return lambda _: sleep_ns(length_ns)

    def run(variables: Variables) -> Any:  # noqa: ANN401 - what is awaited
        return sleep_ns(max(0, _whole(_value(name, variables, place), place) * unit_ns))

    return run


def _whole(value: Value, place: str) -> int:
    """Return the number that a text begins with, as C's `atoi` does. Raises: ScriptError where there is none."""
    text = to_text(value) or ""
    found = _WHOLE.match(text)
    if found is None:
        raise ScriptError(f'{place}: \\sleep: "{text}" is no number')
    return whole(found[0])


def _value(name: str, variables: Variables, place: str) -> Value:
    try:
        return variables[name]
    except KeyError:
        raise ScriptError(f'{place}: variable "{name}" has no value yet') from None


async def _sql(command: Sql, session: Session) -> Callable[[Variables], Any]:
    capture, place = command.capture, command.place
    statement, readers = await prepared(session, command.sql)
    if capture is not None and await read_as_text(capture, place, statement, session):
        statement, readers = await prepared(session, command.sql)
    fetch, values = statement.fetch, _values(command, readers)
    if capture is None:
        return lambda variables: fetch(*values(variables))
    names = [column.name for column in statement.get_attributes()]

    async def run(variables: Variables) -> None:
        try:
            kept(capture, names, await fetch(*values(variables)), variables)
        except ScriptError as error:
            raise ScriptError(f"{place}: {error}") from error

    return run


def _values(command: Sql, readers: Sequence[tuple[str, Reader]]) -> Callable[[Variables], list[Any]]:
    pairs = [(name, reader) for name, (_, reader) in zip(command.variables, readers, strict=True)]
    place = command.place
    return lambda variables: [reader(_value(name, variables, place)) for name, reader in pairs]
