"""Random numbers in a range, as SQL over random()."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from perfengine.model.generator import Exponential, Normal, Zipf

if TYPE_CHECKING:
    from perfengine.model.generator import Distribution

#: In units of the last place: a double precision, which random() returns, has fifteen digits when it becomes numeric.
_EXACT: Final = 10**15


def number_sql(distribution: Distribution, low: Decimal, high: Decimal, digits: int) -> str:
    """Return a number from `low` to `high`, both included, with that many decimal places.

    Bell curves and falling ones end at the ends of the range: what lies beyond becomes the end itself.
    Sources: Box and Muller (1958) for the bell curve; the inverse of the distribution function for the others, that
    of Zipf's law with an integral for its sum.
    """
    first = -(-Fraction(low) * 10**digits // 1)
    last = max(first, Fraction(high) * 10**digits // 1)
    least = _shown(first, digits)
    match distribution:
        case Normal(mean=mean, stdev=stdev):
            curve = f"{mean!r} + {stdev!r} * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"
            return _within(curve, first, last, digits)
        case Exponential(mean=mean):
            curve = f"{least} - {mean!r} * ln(1 - random())"
            return _within(curve, first, last, digits, begins_low=True)
        case Zipf(s=s):
            return _zipf(s, first, last, digits)
    return _uniform(first, last, digits)


def _is_exact(first: int, last: int) -> bool:
    return max(abs(first), abs(last)) <= _EXACT


def _uniform(first: int, last: int, digits: int) -> str:
    numbers, low, width = last - first + 1, _shown(first, digits), _shown(last - first, digits)
    if numbers == 1:
        return low
    if not _is_exact(first, last):  # numeric: a double precision would go beyond the ends
        return f"round({low} + random()::numeric * {width}, {digits})"
    if digits:
        return f"round(({low} + random() * {width})::numeric, {digits})"
    return f"{low} + floor(random() * {numbers})" if first else f"floor(random() * {numbers})"


def _zipf(s: float, first: int, last: int, digits: int) -> str:
    """Return the first number of the range most often, the k-th about k^-s times as often."""
    numbers, low = last - first + 1, _shown(first, digits)
    if s == 1:
        rank = f"floor(power({numbers + 1}, random()))"
    else:
        rank = f"floor(power(1 - random() * (1 - power({numbers + 1}::float8, {1 - s!r})), {1 / (1 - s)!r}))"
    if not _is_exact(first, last):
        step = f"least({rank}::numeric - 1, {numbers - 1})"
        return f"round({low} + {step} / {10**digits}, {digits})" if digits else f"{low} + {step}"
    step = f"(least({rank}, {numbers}) - 1)"
    return f"round(({low} + {step} / {10**digits})::numeric, {digits})" if digits else f"{first} + {step}"


def _within(curve: str, first: int, last: int, digits: int, *, begins_low: bool = False) -> str:
    """Return a curve cut at the ends of the range; one that begins at the low end needs no cut there."""
    least, most = _shown(first, digits), _shown(last, digits)
    if not _is_exact(first, last):
        return f"least(greatest(round(({curve})::numeric, {digits}), {least}), {most})"
    cut = curve if begins_low else f"greatest({curve}, {least})"
    cut = f"least({cut}, {most})"
    return f"round(({cut})::numeric, {digits})" if digits else f"round({cut})"


def _shown(units: int, digits: int) -> str:
    """Return units of 10^-digits as a number; one below zero in parentheses."""
    text = f"{Decimal(units)}" if not digits else _with_point(units, digits)
    return f"({text})" if units < 0 else text


def _with_point(units: int, digits: int) -> str:
    whole, part = divmod(abs(units), 10**digits)
    text = f"{whole}.{part:0{digits}}".rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text
