"""What is wrong with the variables of scripts: nothing sets them, or they stand where no value can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.pgbench import If, Set, Sql
from perfengine.pgbench.fault import Fault
from perfengine.pgbench.statements import unbindable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from perfengine.model.mistake import Mistake
    from perfengine.model.pgbench import Command
    from perfengine.pgbench.parse import ParsedScript

_MOST_NAMED = 20


def all_commands(commands: Iterable[Command]) -> Iterator[Command]:
    """Yield the commands, with those of every arm."""
    for command in commands:
        yield command
        if isinstance(command, If):
            for arm in command.arms:
                yield from all_commands(arm.commands)


def mistakes_of(scripts: Sequence[ParsedScript], constants: Collection[str]) -> Iterator[Mistake]:
    """Yield the mistakes in the variables of scripts: a client's variables are those of all its scripts."""
    commands = [command for script in scripts for command in all_commands(script.commands)]
    known = {*constants, *(command.name for command in commands if isinstance(command, Set))}
    captures = [c.capture.prefix for c in commands if isinstance(c, Sql) and c.capture is not None]
    allowed = tuple(f":{name}" for name in sorted(known)[:_MOST_NAMED])
    for script in scripts:
        for name, start, stop in script.reads:
            if name in known or any(name.startswith(prefix) for prefix in captures):
                continue
            message = f":{name} has no value: set it by \\set {name} ..., or -D {name}=..."
            fault = Fault(message, start, stop, found=f":{name}", allowed=allowed)
            yield script.source.mistake(fault)
        for piece in script.pieces:
            for fault in unbindable(piece.text, known):
                yield script.source.mistake(fault.shifted(piece.start))
