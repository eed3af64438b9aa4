"""Random numbers in a range, as SQL over random()."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from perfengine.model.generator import Exponential, Normal, Zipf

if TYPE_CHECKING:
    from perfengine.model.generator import Distribution

#: Integers up to here are exact in a double precision, which random() returns.
_EXACT: Final = 2**53


def number_sql(distribution: Distribution, low: Decimal, high: Decimal, digits: int) -> str:
    """Return a number from `low` to `high`, both included, with that many decimal places.

    Bell curves and falling ones end at the ends of the range: what lies beyond becomes the end itself.
    Sources: Box and Muller (1958) for the bell curve; the inverse of the distribution function for the others, that
    of Zipf's law with an integral for its sum.
    """
    first = -(-Fraction(low) * 10**digits // 1)
    last = max(first, Fraction(high) * 10**digits // 1)
    least, most = _shown(first, digits), _shown(last, digits)
    match distribution:
        case Normal(mean=mean, stdev=stdev):
            curve = f"{mean!r} + {stdev!r} * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"
            return _rounded(f"least(greatest({curve}, {least}), {most})", digits)
        case Exponential(mean=mean):
            return _rounded(f"least({least} - {mean!r} * ln(1 - random()), {most})", digits)
        case Zipf(s=s):
            return _zipf(s, first, last - first + 1, digits)
    return _uniform(first, last, digits)


def _uniform(first: int, last: int, digits: int) -> str:
    numbers, low = last - first + 1, _shown(first, digits)
    if numbers == 1:
        return low
    if numbers > _EXACT:  # numeric: a double precision would go beyond the end
        return f"round({low} + random()::numeric * {_shown(last - first, digits)}, {digits})"
    if digits:
        return f"round(({low} + random() * {_shown(last - first, digits)})::numeric, {digits})"
    return f"{low} + floor(random() * {numbers})" if first else f"floor(random() * {numbers})"


def _zipf(s: float, first: int, numbers: int, digits: int) -> str:
    """Return the first number of the range most often, the k-th about k^-s times as often."""
    if s == 1:
        rank = f"power({numbers + 1}, random())"
    else:
        rank = f"power(1 - random() * (1 - power({numbers + 1}::float8, {1 - s!r})), {1 / (1 - s)!r})"
    step = f"(least(floor({rank}), {numbers}) - 1)"
    if not digits:
        return f"{first} + {step}"
    return f"round(({_shown(first, digits)} + {step} / {10**digits})::numeric, {digits})"


def _rounded(value: str, digits: int) -> str:
    return f"round(({value})::numeric, {digits})" if digits else f"round({value})"


def _shown(units: int, digits: int) -> str:
    """Return units of 10^-digits as a number; one below zero in parentheses."""
    text = f"{Decimal(units)}" if not digits else _with_point(units, digits)
    return f"({text})" if units < 0 else text


def _with_point(units: int, digits: int) -> str:
    whole, part = divmod(abs(units), 10**digits)
    text = f"{whole}.{part:0{digits}}".rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text
