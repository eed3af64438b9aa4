"""Numbers of a document back to those of perfengine: exactly those that are written as the same number again."""

from __future__ import annotations

from math import expm1, inf, log1p, nextafter
from typing import TYPE_CHECKING, Final

from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable

#: Neighbours of a guess that are looked at: the rounding of a multiplication or a logarithm is off by less.
_NEIGHBOURS: Final = 4


def whole_ns(seconds: float) -> int:
    """Return the whole nanoseconds that are written as `seconds`; exact up to 26 days."""
    return round(seconds * NS_PER_S)


def exact_ns(seconds: float) -> float:
    """Return nanoseconds that are written as `seconds`: whole ones where there are such."""
    whole = whole_ns(seconds)
    if whole / NS_PER_S == seconds:
        return whole
    return _inverse(seconds * NS_PER_S, seconds, lambda value: value / NS_PER_S)


def exact_shift(change: float) -> float:
    """Return the logarithm of a ratio that is written as the change `change`."""
    return -inf if change <= -1 else _inverse(log1p(change), change, expm1)


def _inverse(guess: float, written: float, write: Callable[[float], float]) -> float:
    """Return the value near `guess` that `write` makes `written` of; `guess` where none does."""
    below = above = guess
    for _ in range(_NEIGHBOURS):
        for candidate in (below, above):
            if write(candidate) == written:
                return candidate
        below, above = nextafter(below, -inf), nextafter(above, inf)
    return guess
