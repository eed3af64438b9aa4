"""From an expression to a callable that computes it: made once, called for every attempt.

Source: PostgreSQL, src/bin/pgbench/pgbench.c: `evaluateExpr`, `evalLazyFunc`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from perfengine.model.pgbench import Call, Literal, Value, Variable
from perfengine.pgbench.constants import DEFAULT_SEED
from perfengine.pgbench.distributions import check_range
from perfengine.pgbench.functions import FUNCTIONS, OPERATORS
from perfengine.pgbench.prng import Prng
from perfengine.pgbench.values import Number, ScriptError, as_boolean, as_integer, is_true, of_text

if TYPE_CHECKING:
    from perfengine.model.pgbench import Expression

Variables = Mapping[str, Value]
_NOTHING: Final[Variables] = {}
#: Computes an expression. Raises: ScriptError.
Compute = Callable[[Variables, Prng], Number]


def computing(expression: Expression, fixed: Variables = _NOTHING) -> Compute:
    """Return what computes the expression; the order in which it draws is that of pgbench.

    What follows from `fixed` alone, variables that nothing sets any more, is computed once.
    """
    if isinstance(expression, Literal):
        return _constant(expression.value)
    compute = _variable(expression.name) if isinstance(expression, Variable) else _called(expression, fixed)
    if _is_fixed(expression, fixed):
        with suppress(ScriptError):  # an error is said where it is computed: that may be never
            return _constant(compute(fixed, Prng(0)))
    return compute


def _called(expression: Call, fixed: Variables) -> Compute:
    arguments = [computing(argument, fixed) for argument in expression.arguments]
    if expression.function in _LAZY:
        return _LAZY[expression.function](arguments)
    if drawn_from := range_of(expression, fixed):
        return _between(*drawn_from)
    return _call(expression.function, arguments)


def _is_fixed(expression: Expression, fixed: Variables) -> bool:
    """Return whether an expression has the same value whenever it is computed."""
    if isinstance(expression, Variable):
        return expression.name in fixed
    if isinstance(expression, Literal):
        return True
    function = FUNCTIONS.get(expression.function)
    if function is not None and (function.draws or (function.seeded and DEFAULT_SEED not in fixed)):
        return False
    return all(_is_fixed(argument, fixed) for argument in expression.arguments)


def _constant(value: Number) -> Compute:
    return lambda _, __: value


def range_of(expression: Expression, fixed: Variables) -> tuple[int, int] | None:
    """Return the range of a `random(low, high)` that always draws from the same; None for anything else."""
    if not isinstance(expression, Call) or expression.function != "random":
        return None
    if not all(_is_fixed(argument, fixed) for argument in expression.arguments):
        return None
    with suppress(ScriptError):  # said where it is computed: that may be never
        low, high = (as_integer(computing(one, fixed)(fixed, Prng(0))) for one in expression.arguments)
        check_range(low, high)
        return low, high
    return None


def _between(low: int, high: int) -> Compute:
    return lambda _, stream: stream.between(low, high)


def _variable(name: str) -> Compute:
    def compute(variables: Variables, _: Prng) -> Number:
        try:
            value = variables[name]
        except KeyError:
            raise ScriptError(f'variable "{name}" has no value yet') from None
        return of_text(name, value) if type(value) is str else value  # type: ignore[return-value]

    return compute


def _call(name: str, arguments: list[Compute]) -> Compute:
    function = FUNCTIONS.get(name) or OPERATORS[name]
    of = function.of
    if function.seeded and len(arguments) < function.most:
        arguments = [*arguments, _variable(DEFAULT_SEED)]
    takes_null, draws = function.takes_null, function.draws

    def compute(variables: Variables, stream: Prng) -> Number:
        values = [argument(variables, stream) for argument in arguments]
        if None in values and not takes_null:
            return None
        return of(stream, *values) if draws else of(*values)

    return compute


def _joined(arguments: list[Compute], *, decided_by: bool) -> Compute:
    """Return what computes `and` or `or`: where the first is null, or decides it, nobody looks at the second."""
    left, right = arguments

    def compute(variables: Variables, stream: Prng) -> Number:
        first = left(variables, stream)
        if first is None or as_boolean(first) is decided_by:
            return first
        second = right(variables, stream)
        return None if second is None else as_boolean(second)

    return compute


def _case(arguments: list[Compute]) -> Compute:
    *branches, otherwise = arguments
    arms = list(zip(branches[::2], branches[1::2], strict=True))

    def compute(variables: Variables, stream: Prng) -> Number:
        for condition, result in arms:
            if is_true(condition(variables, stream)):
                return result(variables, stream)
        return otherwise(variables, stream)

    return compute


_LAZY: Final[dict[str, Callable[[list[Compute]], Compute]]] = {
    "and": partial(_joined, decided_by=False),
    "or": partial(_joined, decided_by=True),
    "case": _case,
}
