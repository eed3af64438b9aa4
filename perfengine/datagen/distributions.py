"""The distributions of `model/generator.py` over steps 0..span-1, as tables."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from perfengine.datagen.quantiles import PIECES, Quantiles, from_function, from_shares

if TYPE_CHECKING:
    from collections.abc import Callable

#: Ranks of a zipf distribution that have a piece of their own; the pieces behind them widen in proportion.
_HEAD = PIECES // 4
#: Below such a change of density over the whole range, a bell is flat, and differences would be noise.
_FLAT = 1e-6
#: From here on the tail of the bell is computed by its continued fraction.
_FAR = 6.0
_FRACTION_TERMS = 40


@lru_cache(maxsize=64)
def normal(mean: float, stdev: float, span: int) -> Quantiles | None:
    """Return the bell curve cut at both ends; a step holds what rounds to it. None: flat over the whole range."""
    stdev = max(stdev, 1e-9)
    first, last = ((edge - 0.5 - mean) / stdev for edge in (0, span))
    if (last - first) * max(1.0, abs(first), abs(last)) < _FLAT:
        return None
    return from_function(_bell(mean, stdev, first, last), span)


def _bell(mean: float, stdev: float, first: float, last: float) -> Callable[[int], float]:
    """Return the share below an edge, in units that do not vanish however far the range is from the mean."""

    def z(edge: int) -> float:
        return (edge - 0.5 - mean) / stdev

    if first > 0:
        return lambda edge: _tail(first, first) - _tail(z(edge), first)
    if last < 0:
        return lambda edge: _tail(-z(edge), -last) - _tail(-first, -last)
    return lambda edge: (math.erfc(-z(edge) / math.sqrt(2)) - math.erfc(-first / math.sqrt(2))) / 2


def _tail(z: float, origin: float) -> float:
    """Return the share beyond `z` over the density at `origin`; both are positive."""
    ratio = _mills(z)
    return ratio * math.exp(-(z - origin) * (z + origin) / 2)


def _mills(z: float) -> float:
    """Return the share beyond `z` over the density at `z`.

    Source: Laplace's continued fraction, Abramowitz and Stegun 26.2.14.
    """
    if z < _FAR:
        return math.erfc(z / math.sqrt(2)) / 2 * math.sqrt(2 * math.pi) * math.exp(z * z / 2)
    value = z
    for term in range(_FRACTION_TERMS, 0, -1):
        value = z + term / value
    return 1 / value


@lru_cache(maxsize=64)
def exponential(mean: float, span: int) -> Quantiles:
    """Return what falls off from step 0 on, cut at the high end.

    In whole steps that is the geometric distribution; it is given the rate with which the mean, uncut, is exact.
    """
    rate = math.log1p(1 / max(mean, 1e-9))
    return from_function(lambda edge: -math.expm1(-rate * edge), span)


@lru_cache(maxsize=64)
def zipf(s: float, span: int) -> Quantiles:
    """Return ranks from 0 on, of which the k-th from 1 has the share k^-s / H(span, s).

    Source: Zipf's law as in Knuth, TAOCP 3, 6.1; that is also what the sampler of Hoermann and Derflinger,
    "Rejection-inversion to generate variates from monotone discrete distributions" (1996), draws, which takes a
    changing number of words a draw and therefore cannot be used here.
    """
    head = min(span, _HEAD if span > PIECES else span)
    edges = [*range(head + 1), *_widening(head, span)]
    pieces = (_powers(low, high, s) for low, high in pairwise(edges))
    return from_shares(edges, list(accumulate(pieces, initial=0.0)))


def _widening(head: int, span: int) -> list[int]:
    """Return edges from `head` (not itself) to `span`, each piece longer than the last by the same factor."""
    if head == span:
        return []
    pieces = PIECES - head
    growth = math.log(span / head) / pieces
    inner = {round(head * math.exp(growth * n)) for n in range(1, pieces)}
    return [*sorted(inner - {head, span}), span]


def _powers(low: int, high: int, s: float) -> float:
    """Return the sum of k^-s over low < k <= high.

    Source: the Euler-Maclaurin formula about midpoints; its next term is below 1e-12 of the sum behind the head.
    """
    if high == low + 1:
        return float(high**-s)
    begin, end = low + 0.5, high + 0.5
    width, power = math.log(end / begin), 1 - s
    integral = width if power == 0 else begin**power * math.expm1(power * width) / power
    return float(integral + s / 24 * (end ** (-s - 1) - begin ** (-s - 1)))
