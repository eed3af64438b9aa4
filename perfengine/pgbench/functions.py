"""The functions and operators of pgbench's expressions: how many arguments each has, and what it gives.

Source: PostgreSQL, src/bin/pgbench/exprparse.y, `PGBENCH_FUNCTIONS`. Null in, null out, but for `is` and `debug`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.pgbench import distributions, hashes
from perfengine.pgbench.arithmetic import (
    SHIFT_MASK,
    absolute,
    arithmetic,
    bits,
    comparison,
    divided,
    drawn,
    exponent,
    extreme,
    is_same,
    logarithm,
    permute,
    power,
    quotient,
    remainder,
    root,
    uniform,
)
from perfengine.pgbench.values import as_boolean, as_double, as_integer

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.pgbench.prng import Prng
    from perfengine.pgbench.values import Number

#: As many arguments a function takes at most, whatever it is.
_MOST_ARGUMENTS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function: `of` gives its value from the arguments, and before them the random numbers where it draws."""

    least: int
    most: int
    of: Callable[..., Number]
    gives: type | None = None  #: what it gives whatever it is given; None: that depends
    takes_null: bool = False  #: else null is what it gives where an argument is null
    draws: bool = False
    seeded: bool = False  #: the seed, its last argument, may be left out

    def wrong_number(self, found: int) -> str | None:
        """Return what is wrong with so many arguments: `has 3 arguments, where 1 or 2 are expected`, else None."""
        if self.least <= found <= self.most:
            return None
        between = "to" if self.most == _MOST_ARGUMENTS else "or"
        wanted = f"{self.least} {between} {self.most}" if self.least < self.most else str(self.most)
        arguments, are = "argument" if found == 1 else "arguments", "is" if self.most == 1 else "are"
        return f"has {found} {arguments}, where {wanted} {are} expected"


def _pair(of: Callable[..., Number], gives: type | None = None) -> Function:
    return Function(least=2, most=2, of=of, gives=gives)


def _one(of: Callable[..., Number], gives: type | None = None) -> Function:
    return Function(least=1, most=1, of=of, gives=gives)


def _hash(of: Callable[[int, int], int]) -> Function:
    def hashed(value: Number, seed: Number) -> int:
        return of(as_integer(value), as_integer(seed))

    return Function(least=1, most=2, of=hashed, gives=int, seeded=True)


def _draw(of: Callable[[Prng, int, int, float], int]) -> Function:
    return Function(least=3, most=3, of=drawn(of), gives=int, draws=True)


_POWER: Final = _pair(power, float)
_MURMUR: Final = _hash(hashes.murmur2)
#: Written as calls.
FUNCTIONS: Final[dict[str, Function]] = {
    "abs": _one(absolute),
    "debug": Function(least=1, most=1, of=lambda value: value, takes_null=True),
    "double": _one(as_double, float),
    "exp": _one(exponent, float),
    "greatest": Function(least=1, most=_MOST_ARGUMENTS, of=extreme(lambda a, b: a > b)),
    "hash": _MURMUR,
    "hash_fnv1a": _hash(hashes.fnv1a),
    "hash_murmur2": _MURMUR,
    "int": _one(as_integer, int),
    "least": Function(least=1, most=_MOST_ARGUMENTS, of=extreme(lambda a, b: a < b)),
    "ln": _one(logarithm, float),
    "mod": _pair(remainder, int),
    "permute": Function(least=2, most=3, of=permute, gives=int, seeded=True),
    "pi": Function(least=0, most=0, of=lambda: math.pi, gives=float),
    "pow": _POWER,
    "power": _POWER,
    "random": Function(least=2, most=2, of=uniform, gives=int, draws=True),
    "random_exponential": _draw(distributions.exponential),
    "random_gaussian": _draw(distributions.gaussian),
    "random_zipfian": _draw(distributions.zipfian),
    "sqrt": _one(root, float),
}
#: Written as operators. `and`, `or` and `case` look at no more of their arguments than they need: see `evaluate.py`.
OPERATORS: Final[dict[str, Function]] = {
    "+": _pair(arithmetic("a sum", lambda a, b: a + b, lambda a, b: a + b)),
    "-": _pair(arithmetic("a difference", lambda a, b: a - b, lambda a, b: a - b)),
    "*": _pair(arithmetic("a product", lambda a, b: a * b, lambda a, b: a * b)),
    "/": _pair(arithmetic("a quotient", quotient, divided)),
    "%": _pair(remainder, int),
    "<": _pair(comparison(lambda a, b: a < b), bool),
    "<=": _pair(comparison(lambda a, b: a <= b), bool),
    "=": _pair(comparison(lambda a, b: a == b), bool),
    "<>": _pair(comparison(lambda a, b: a != b), bool),
    "&": _pair(bits(lambda a, b: a & b), int),
    "|": _pair(bits(lambda a, b: a | b), int),
    "#": _pair(bits(lambda a, b: a ^ b), int),
    "<<": _pair(bits(lambda a, b: a << (b & SHIFT_MASK)), int),
    ">>": _pair(bits(lambda a, b: a >> (b & SHIFT_MASK)), int),
    "not": _one(lambda value: not as_boolean(value), bool),
    "is": Function(least=2, most=2, of=is_same, gives=bool, takes_null=True),
}
