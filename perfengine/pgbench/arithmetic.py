"""What the functions and operators of pgbench's expressions compute.

Source: PostgreSQL, src/bin/pgbench/pgbench.c, `evalStandardFunc`: two integers make an integer, a double among them a
double; an integer that overflows is an error, a double is infinite.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from perfengine.pgbench import hashes
from perfengine.pgbench.distributions import check_range
from perfengine.pgbench.values import ScriptError, as_double, as_integer, in_range

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.pgbench.prng import Prng
    from perfengine.pgbench.values import Number

SHIFT_MASK: Final = 63


def arithmetic(
    word: str, of_integers: Callable[[int, int], int], of_doubles: Callable[[float, float], float]
) -> Callable[..., Number]:
    """Return an operator that has an integer of two integers, and a double where one of them is."""

    def of(left: Number, right: Number) -> Number:
        if type(left) is float or type(right) is float:
            return of_doubles(as_double(left), as_double(right))
        return in_range(of_integers(as_integer(left), as_integer(right)), word)

    return of


def comparison(compare: Callable[[float, float], bool]) -> Callable[..., Number]:
    """Return an operator that compares two numbers."""

    def of(left: Number, right: Number) -> Number:
        if type(left) is float or type(right) is float:
            return compare(as_double(left), as_double(right))
        return compare(as_integer(left), as_integer(right))

    return of


def bits(of_integers: Callable[[int, int], int]) -> Callable[..., Number]:
    """Return an operator on the 64 bits of two integers."""
    return lambda left, right: hashes.signed(of_integers(as_integer(left), as_integer(right)))


def quotient(left: int, right: int) -> int:
    """Return the quotient, cut towards 0. Raises: ScriptError for a division by zero."""
    if right == 0:
        raise ScriptError("division by zero")
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def remainder(left: Number, right: Number) -> Number:
    """Return the remainder of integers, with the sign of the dividend. Raises: ScriptError."""
    dividend, divisor = as_integer(left), as_integer(right)
    return dividend - divisor * quotient(dividend, divisor)


def divided(left: float, right: float) -> float:
    """Return the quotient of doubles; infinite, or not a number, where the divisor is 0."""
    if right:
        return left / right
    if not left or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def power(base: Number, exponent: Number) -> Number:
    """Return a power, as C's `pow` has it where it overflows or is no real number."""
    x, y = as_double(base), as_double(exponent)
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
    except ValueError:  # a root of a negative number, or 0 to a negative power
        return math.copysign(math.inf, x) if x == 0 and y % 2 == 1 else math.inf if x == 0 else math.nan


def exponent(value: Number) -> Number:
    """Return a power of e."""
    try:
        return math.exp(as_double(value))
    except OverflowError:
        return math.inf


def logarithm(value: Number) -> Number:
    """Return the natural logarithm."""
    x = as_double(value)
    if x == 0:
        return -math.inf
    return math.nan if x < 0 else math.log(x)


def root(value: Number) -> Number:
    """Return the square root."""
    x = as_double(value)
    return math.nan if x < 0 else math.sqrt(x)


def absolute(value: Number) -> Number:
    """Return a number without its sign; the least bigint stays itself, as in C."""
    if type(value) is float:
        return -value if value < 0 else value
    return hashes.signed(abs(as_integer(value)))


def extreme(better: Callable[[Any, Any], bool]) -> Callable[..., Number]:
    """Return the function that finds the best of any number of numbers; doubles where one of them is."""

    def of(*values: Number) -> Number:
        convert: Callable[[Number], Any] = (
            as_double if any(type(value) is float for value in values) else as_integer
        )
        best, *others = map(convert, values)
        for other in others:
            best = best if better(best, other) else other
        return best  # type: ignore[no-any-return]

    return of


def is_same(left: Number, right: Number) -> Number:
    """Return whether two values are of one type and equal: null is null."""
    return type(left) is type(right) and left == right


def permute(value: Number, size: Number, seed: Number) -> Number:
    """Return the place of a value in a permutation. Raises: ScriptError for a size that is none."""
    count = as_integer(size)
    if count <= 0:
        raise ScriptError(f"the size of permute is above 0, not {count}")
    return hashes.permute(as_integer(value), count, as_integer(seed))


def uniform(stream: Prng, low: Number, high: Number) -> Number:
    """Return an integer of a range, all alike. Raises: ScriptError for a range that is none."""
    first, last = as_integer(low), as_integer(high)
    check_range(first, last)
    return stream.between(first, last)


def drawn(draw: Callable[[Prng, int, int, float], int]) -> Callable[..., Number]:
    """Return the random function of a distribution with a parameter."""

    def of(stream: Prng, low: Number, high: Number, parameter: Number) -> Number:
        first, last = as_integer(low), as_integer(high)
        check_range(first, last)
        return draw(stream, first, last, as_double(parameter))

    return of
