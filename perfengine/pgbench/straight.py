"""A script in which nothing depends on an answer: the values of an attempt, and the statements that take them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.load import Spread, ThinkTime
from perfengine.model.pgbench import Call, Literal, Set, Sleep, Sql, Take, Variable
from perfengine.model.statement_kinds import first_words
from perfengine.model.transaction import Argument, PauseStep, Retry, StatementStep, Transaction
from perfengine.pgbench.constants import CONSTANTS
from perfengine.pgbench.functions import FUNCTIONS, OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfengine.model.pgbench import Command, Expression, Value
    from perfengine.model.transaction import Step

_CONTROL: Final = frozenset({"begin", "start", "end", "commit", "rollback", "abort", "prepare"})
_BEGIN: Final = re.compile(r"(begin|start\s+transaction)(\s+(work|transaction))?", re.IGNORECASE)
_END: Final = re.compile(r"(end|commit)(\s+(work|transaction))?", re.IGNORECASE)


def straight(
    commands: Sequence[Command], constants: Mapping[str, Value], retry: Retry
) -> tuple[tuple[Set | Take, ...], Transaction]:
    """Return how the arguments of an attempt are made, and the statements with their places among them."""
    writer = _Writer(constants)
    for command in commands:
        writer.take(command)
    return tuple(writer.program), _transaction(writer.steps, retry)


def is_control(sql: str) -> bool:
    """Return whether a statement may begin or end a transaction, by its first word."""
    return any(word in _CONTROL for word in first_words(sql))


class _Writer:
    """Writes down, in the order of the commands, what makes the arguments and what is sent."""

    def __init__(self, constants: Mapping[str, Value]) -> None:
        self.program: list[Set | Take] = []
        self.steps: list[Step] = []
        self._times: dict[str, int] = {}  #: so often a variable was set until now
        #: which argument a variable is, as it was set for the n-th time
        self._places: dict[tuple[str, int], int] = {}
        self._kinds: dict[str, type | None] = dict.fromkeys(CONSTANTS, int)
        self._kinds |= {name: type(value) for name, value in constants.items()}

    def take(self, command: Command) -> None:
        match command:
            case Set():
                self._set(command)
            case Sleep():
                think = ThinkTime(spread=Spread.CONSTANT, mean_ns=command.length_ns)
                self.steps.append(PauseStep(think=think))
            case Sql():
                bindings = tuple(Argument(position=self._place(name)) for name in command.variables)
                self.steps.append(StatementStep(sql=command.sql, bindings=bindings))

    def _set(self, command: Set) -> None:
        self.program.append(command)
        self._times[command.name] = self._times.get(command.name, 0) + 1
        self._kinds[command.name] = _kind(command.expression, self._kinds)

    def _place(self, name: str) -> int:
        """Return which argument the value is that a variable has now; one more where no statement had it before."""
        key = name, self._times.get(name, 0)
        if key not in self._places:
            self._places[key] = len(self._places)
            self.program.append(Take(name=name, is_integer=self._kinds.get(name) is int))
        return self._places[key]


def _transaction(steps: Sequence[Step], retry: Retry) -> Transaction:
    """Return the steps as a transaction: where the script begins and ends it, that is how it is begun and ended."""
    texts = [step.sql if isinstance(step, StatementStep) else "" for step in steps]
    inner = texts[1:-1]
    explicit = (
        len(texts) > 2
        and _BEGIN.fullmatch(texts[0]) is not None
        and _END.fullmatch(texts[-1]) is not None
        and not any(map(is_control, inner))
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
