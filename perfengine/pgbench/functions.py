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

    from perfengine.pgbench.values import Number

#: As many arguments a function takes at most, whatever it is.
MOST_ARGUMENTS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function: `of` gives its value from a stream of random numbers and the arguments, none of them null."""

    least: int
    most: int
    of: Callable[..., Number]
    gives: type | None = None  #: what it gives whatever it is given; None: that depends
    takes_null: bool = False
    draws: bool = False
    seeded: bool = False  #: the seed, its last argument, may be left out


def _pair(of: Callable[..., Number], gives: type | None = None) -> Function:
    return Function(least=2, most=2, of=of, gives=gives)


def _one(of: Callable[..., Number], gives: type | None = None) -> Function:
    return Function(least=1, most=1, of=of, gives=gives)


_POWER: Final = _pair(power, float)
_MURMUR: Final = Function(
    least=1,
    most=2,
    of=lambda v, seed: hashes.murmur2(as_integer(v), as_integer(seed)),
    gives=int,
    seeded=True,
)
_FNV: Final = Function(
    least=1, most=2, of=lambda v, seed: hashes.fnv1a(as_integer(v), as_integer(seed)), gives=int, seeded=True
)
#: Written as calls.
FUNCTIONS: Final[dict[str, Function]] = {
    "abs": _one(absolute),
    "debug": Function(least=1, most=1, of=lambda value: value, takes_null=True),
    "double": _one(as_double, float),
    "exp": _one(exponent, float),
    "greatest": Function(least=1, most=MOST_ARGUMENTS, of=extreme(lambda a, b: a > b)),
    "hash": _MURMUR,
    "hash_fnv1a": _FNV,
    "hash_murmur2": _MURMUR,
    "int": _one(as_integer, int),
    "least": Function(least=1, most=MOST_ARGUMENTS, of=extreme(lambda a, b: a < b)),
    "ln": _one(logarithm, float),
    "mod": _pair(remainder, int),
    "permute": Function(least=2, most=3, of=permute, gives=int, seeded=True),
    "pi": Function(least=0, most=0, of=lambda: math.pi, gives=float),
    "pow": _POWER,
    "power": _POWER,
    "random": Function(least=2, most=2, of=uniform, gives=int, draws=True),
    "random_exponential": Function(
        least=3, most=3, of=drawn(distributions.exponential), gives=int, draws=True
    ),
    "random_gaussian": Function(least=3, most=3, of=drawn(distributions.gaussian), gives=int, draws=True),
    "random_zipfian": Function(least=3, most=3, of=drawn(distributions.zipfian), gives=int, draws=True),
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
