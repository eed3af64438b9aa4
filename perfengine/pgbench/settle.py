"""How scripts are made: their values before an attempt where no answer matters, else command by command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.pgbench import If, PgbenchScript, Set, Sleep, Sql
from perfengine.model.transaction import PauseStep, StatementStep, Transaction
from perfengine.pgbench.check import all_commands
from perfengine.pgbench.constants import AUTOMATIC, CLIENT_ID
from perfengine.pgbench.flow import needs_from_elsewhere, reads_client
from perfengine.pgbench.straight import is_control, straight
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.pgbench import Command, Value
    from perfengine.model.transaction import Retry

#: So long a statement may take, unless somebody says more.
_STATEMENT_NS: Final = 30 * NS_PER_S


def settle_scripts(
    scripts: Sequence[Sequence[Command]], constants: Mapping[str, Value], retry: Retry
) -> tuple[PgbenchScript, ...]:
    """Return each script as it will be made.

    A client's variables outlive a script: where one reads what another has set, or it itself in an attempt before,
    both are followed command by command.
    """
    given = {*constants, *AUTOMATIC}
    needs = [needs_from_elsewhere(commands, given) for commands in scripts]
    needed: set[str] = set().union(*needs)
    return tuple(
        _settled(commands, constants, retry, may_be_straight=not need and not needed & _set_in(commands))
        for commands, need in zip(scripts, needs, strict=True)
    )


def _set_in(commands: Iterable[Command]) -> set[str]:
    return {one.name for one in all_commands(commands) if isinstance(one, Set)}


def _settled(
    commands: Sequence[Command], constants: Mapping[str, Value], retry: Retry, *, may_be_straight: bool
) -> PgbenchScript:
    pairs = tuple(constants.items())
    if may_be_straight and all(map(_is_straight, commands)) and not _asks_who(commands, constants):
        arguments, statements = straight(commands, constants, retry)
        return PgbenchScript(constants=pairs, arguments=arguments, statements=statements)
    # its own statements are sent when their turn comes; the transaction is what tries again
    return PgbenchScript(
        constants=pairs,
        statements=Transaction(steps=(), retry=retry, explicit=False),
        commands=tuple(commands),
    )


def _asks_who(commands: Sequence[Command], constants: Mapping[str, Value]) -> bool:
    """Return whether a script must know its client, of which nobody said the number."""
    return CLIENT_ID not in constants and reads_client(commands)


def _is_straight(command: Command) -> bool:
    match command:
        case Sql():
            return command.capture is None
        case Sleep():
            return command.variable is None
        case If():
            return False
    return True


def controls_transaction(script: PgbenchScript) -> bool:
    """Return whether a script has statements that begin or end a transaction, other than those around all of it."""
    steps = script.statements.steps if script.statements else ()
    texts = [step.sql for step in steps if isinstance(step, StatementStep)]
    texts += [one.sql for one in all_commands(script.commands) if isinstance(one, Sql)]
    return any(map(is_control, texts))


def statements_at_most(script: PgbenchScript) -> int:
    """Return how many statements an attempt has to be given time for, with all its tries; a pause counts as some."""
    if script.statements is None:
        return 0
    commands, steps = list(all_commands(script.commands)), script.statements.steps
    pauses_ns = [one.length_ns for one in commands if isinstance(one, Sleep)]
    pauses_ns += [one.think.mean_ns for one in steps if isinstance(one, PauseStep)]
    sent = sum(isinstance(one, Sql) for one in commands) + len(steps)
    pauses = sum(1 + length_ns // _STATEMENT_NS for length_ns in pauses_ns)
    return (sent + pauses + 2) * (script.statements.retry.max_retries + 1)
