"""How scripts are made: their values before an attempt where no answer matters, else command by command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.load import Spread, ThinkTime
from perfengine.model.pgbench import Call, If, Literal, PgbenchScript, Set, Sleep, Sql, Take, Variable
from perfengine.model.transaction import Argument, PauseStep, Retry, StatementStep, Transaction
from perfengine.pgbench.check import all_commands
from perfengine.pgbench.constants import AUTOMATIC, CLIENT_ID, CONSTANTS
from perfengine.pgbench.flow import needs_from_elsewhere, reads_client
from perfengine.pgbench.functions import FUNCTIONS, OPERATORS
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfengine.model.pgbench import Command, Expression, Value
    from perfengine.model.transaction import Step

_BEGIN: Final = re.compile(r"(begin|start\s+transaction)(\s+(work|transaction))?", re.IGNORECASE)
_END: Final = re.compile(r"(end|commit)(\s+(work|transaction))?", re.IGNORECASE)
#: So long a statement may take, unless somebody says more.
_STATEMENT_NS: Final = 30 * NS_PER_S
_CONTROL: Final = re.compile(r"(begin|start|end|commit|rollback|abort|prepare)\b", re.IGNORECASE)


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
        arguments, statements = _straight(commands, constants, retry)
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


def _straight(
    commands: Sequence[Command], constants: Mapping[str, Value], retry: Retry
) -> tuple[tuple[Set | Take, ...], Transaction]:
    """Return how the arguments of an attempt are made, and the statements with their places among them."""
    program: list[Set | Take] = []
    steps: list[Step] = []
    places: dict[tuple[str, int], int] = {}  #: of a variable, as it was set for the n-th time: which argument
    times: dict[str, int] = {}
    kinds: dict[str, type | None] = dict.fromkeys(CONSTANTS, int)
    kinds |= {name: type(value) for name, value in constants.items()}
    for command in commands:
        if isinstance(command, Set):
            program.append(command)
            times[command.name] = times.get(command.name, 0) + 1
            kinds[command.name] = _kind(command.expression, kinds)
        elif isinstance(command, Sleep):
            length_ns = max(0, command.amount * command.unit_ns)
            steps.append(PauseStep(think=ThinkTime(spread=Spread.CONSTANT, mean_ns=length_ns)))
        elif isinstance(command, Sql):
            bindings = []
            for name in command.variables:
                key = name, times.get(name, 0)
                if key not in places:
                    places[key] = len(places)
                    program.append(Take(name=name, is_integer=kinds.get(name) is int))
                bindings.append(Argument(position=places[key]))
            steps.append(StatementStep(sql=command.sql, bindings=tuple(bindings)))
    return tuple(program), _transaction(steps, retry)


def controls_transaction(script: PgbenchScript) -> bool:
    """Return whether a script has statements that begin or end a transaction, other than those around all of it."""
    steps = script.statements.steps if script.statements else ()
    texts = [step.sql for step in steps if isinstance(step, StatementStep)]
    texts += [one.sql for one in all_commands(script.commands) if isinstance(one, Sql)]
    return any(map(_CONTROL.match, texts))


def statements_at_most(script: PgbenchScript) -> int:
    """Return how many statements an attempt has to be given time for, with all its tries; a pause counts as some."""
    if script.statements is None:
        return 0
    sleeps_ns = [one.amount * one.unit_ns for one in all_commands(script.commands) if isinstance(one, Sleep)]
    sleeps_ns += [one.think.mean_ns for one in script.statements.steps if isinstance(one, PauseStep)]
    sent = sum(1 for one in all_commands(script.commands) if isinstance(one, Sql))
    sent += len(script.statements.steps) + sum(1 + length_ns // _STATEMENT_NS for length_ns in sleeps_ns)
    return (sent + 2) * (script.statements.retry.max_retries + 1)


def _transaction(steps: Sequence[Step], retry: Retry) -> Transaction:
    """Return the steps as a transaction: where the script begins and ends it, that is how it is begun and ended."""
    texts = [step.sql if isinstance(step, StatementStep) else "" for step in steps]
    inner = texts[1:-1]
    explicit = (
        len(texts) > 2
        and _BEGIN.fullmatch(texts[0]) is not None
        and _END.fullmatch(texts[-1]) is not None
        and not any(map(_CONTROL.match, inner))
    )
    return Transaction(steps=tuple(steps[1:-1] if explicit else steps), retry=retry, explicit=explicit)


def _kind(expression: Expression, kinds: Mapping[str, type | None]) -> type | None:
    """Return the type that an expression always gives when it does not fail; None where that depends."""
    if isinstance(expression, Literal):
        return type(expression.value)
    if isinstance(expression, Variable):
        found = kinds.get(expression.name)
        return None if found is str else found
    parts = [_kind(argument, kinds) for argument in _results(expression)]
    function = FUNCTIONS.get(expression.function) or OPERATORS.get(expression.function)
    if function is not None and function.gives is not None:
        # null in, null out
        return function.gives if all(part in {int, float, bool} for part in parts) else None
    return int if parts and all(part is int for part in parts) else None


def _results(expression: Call) -> Iterator[Expression]:
    """Yield the arguments that say what a call gives: of CASE, not its conditions."""
    if expression.function != "case":
        yield from expression.arguments
        return
    *branches, otherwise = expression.arguments
    yield from branches[1::2]
    yield otherwise
