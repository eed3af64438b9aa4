"""How a 32-bit word becomes a number whose distribution is not even: a table of the inverse distribution function.

Inverse transform sampling (Devroye, "Non-Uniform Random Variate Generation", 1986, chapter II.2): the number of a
word is the one whose cumulated share holds word / 2^32. Python and PostgreSQL would differ in the last bit of a
logarithm, therefore the shares are computed once, here, rounded to integers, and both sides only look them up:
a piece of the range by bisection, the number within the piece in proportion.

* Up to `PIECES` numbers, every number is a piece of its own, and its share is right to 2^-32.
* Beyond, only the ends of pieces are exact, and within a piece all numbers come alike. From one end of a piece to
  the other the density changes by 1.2 % in the root mean square over draws, or less, so that the statistic of a
  chi-square test of n draws grows by n * 0.012^2 / 12 at most, however fine its bins: by 1.2 for 100 000 draws, a
  tenth of its own deviation with 100 bins, and by far less where a bin spans several pieces.
* What is less likely than 2^-32 does not come: no word stands for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from perfengine.seeds import WORD_SPAN, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PIECES = 2048
#: The share at either end of a range that pieces are not spent on: no word reaches it.
_UNREACHED = 1 / (2 * WORD_SPAN)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Words from `thresholds[j]` on, below `thresholds[j + 1]`, stand for numbers from `starts[j]` on, likewise."""

    thresholds: tuple[int, ...]  #: from 0 to 2^32, rising
    starts: tuple[int, ...]  #: as many

    def at(self, word: int) -> int:
        """Return the number that a word stands for."""
        end = bisect_right(self.thresholds, word)
        low, start = self.thresholds[end - 1], self.starts[end - 1]
        return start + (word - low) * (self.starts[end] - start) // (self.thresholds[end] - low)


def weighted_thresholds(weights: Sequence[int]) -> tuple[int, ...]:
    """Return below which word each of several things begins that come as often as their weights say."""
    total = sum(weights)
    return tuple(before * WORD_SPAN // total for before in accumulate(weights[:-1], initial=0))


def from_shares(edges: Sequence[int], cumulated: Sequence[float]) -> Quantiles:
    """Return the table of pieces between `edges`, of which `cumulated` says how much lies below each edge.

    Shares are in any unit. Neighbouring pieces that no word falls between become one.
    """
    floor, total = cumulated[0], cumulated[-1] - cumulated[0]
    kept: list[tuple[int, int]] = []
    for edge, below in zip(edges, cumulated, strict=True):
        threshold = share((below - floor) / total)
        if threshold == 0:
            kept = [(0, edge)]  # nothing lies below this edge
        elif threshold > kept[-1][0]:
            kept.append((threshold, edge))
    thresholds, starts = zip(*kept, strict=True)
    return Quantiles(thresholds=thresholds, starts=starts)


def from_function(below: Callable[[int], float], span: int) -> Quantiles:
    """Return the table of numbers 0..span-1 where `below(n)` is the share of numbers less than n, in any unit.

    Pieces are of one width; the ends of the range that no word reaches are left out.
    """
    total = below(span)
    first = bisect_left(range(span), total * _UNREACHED, key=below)
    last = bisect_left(range(span), total * (1 - _UNREACHED), key=below)
    edges = _edges(max(0, first - 1), last, span)
    return from_shares(edges, _rising(below(edge) for edge in edges))


def _edges(first: int, last: int, span: int) -> list[int]:
    end = min(span, last + 1)
    pieces = min(PIECES, end - first)
    return [first + (end - first) * n // pieces for n in range(pieces + 1)]


def _rising(shares: Iterable[float]) -> list[float]:
    """Return the shares without the dents that rounding makes."""
    return list(accumulate(shares, max))
