"""What commands read before they have set it: then it must come from somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.pgbench import Call, If, Set, Sleep, Sql, Variable
from perfengine.pgbench.constants import CLIENT_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.pgbench import Command, Expression


def reads_client(commands: Iterable[Command]) -> bool:
    r"""Return whether commands read the number of their client; those inside of `\if` are not looked at."""
    return any(CLIENT_ID in _names(command) for command in commands)


def needs_from_elsewhere(commands: Iterable[Command], given: set[str]) -> set[str]:
    r"""Return the variables that a script may read before it has set them itself, in any of its ways.

    What `\gset` keeps is among them: which columns a statement has is not known here.
    """
    missing: set[str] = set()
    _follow(commands, set(given), missing)
    return missing


def _follow(commands: Iterable[Command], known: set[str], missing: set[str]) -> None:
    """Add to `known` what every way through the commands sets, to `missing` what is read before that."""
    for command in commands:
        missing |= _names(command) - known
        if isinstance(command, Set):
            known.add(command.name)
        elif isinstance(command, If):
            ends = []
            for arm in command.arms:
                inside = set(known)
                _follow(arm.commands, inside, missing)
                ends.append(inside)
            if command.arms[-1].condition is None:  # one of them is always gone through
                known |= set.intersection(*ends)


def _names(command: Command) -> set[str]:
    """Return the variables that a command reads itself."""
    match command:
        case Set():
            return _variables(command.expression)
        case Sql():
            return set(command.variables)
        case Sleep():
            return {command.variable} if command.variable else set()
    return {name for arm in command.arms for name in _variables(arm.condition)}


def _variables(expression: Expression | None) -> set[str]:
    if isinstance(expression, Variable):
        return {expression.name}
    if isinstance(expression, Call):
        return {name for argument in expression.arguments for name in _variables(argument)}
    return set()
