"""The median of a few rounds with a confidence interval that assumes no distribution.

The interval runs from the k-th smallest to the k-th largest round. The true median lies below the k-th smallest
when fewer than k of the n rounds fell below it, so the coverage is 1 - 2 P(B < k) with B binomial (n, 1/2): for
nine rounds the second smallest and the second largest cover 96.1 %.
Source: David and Nagaraja, "Order Statistics", 3rd edition, section 7.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A median with its interval; `coverage` is the exact confidence, below 0.95 with fewer than six rounds."""

    median: float
    low: float
    high: float
    coverage: float
    rounds: int


def spread_of(values: Sequence[float]) -> Spread:
    """Return the median of the values and the narrowest symmetric interval that covers it with 95 %.

    With fewer than six values no interval does; then it runs from the least to the greatest.
    Raises: ValueError without a value.
    """
    if not values:
        raise ValueError("a median needs at least one value")
    ordered = sorted(values)
    rank = _rank(len(ordered))
    return Spread(
        median=median(ordered),
        low=ordered[rank - 1],
        high=ordered[-rank],
        coverage=_coverage(len(ordered), rank),
        rounds=len(ordered),
    )


def _rank(count: int) -> int:
    rank = 1
    while 2 * (rank + 1) <= count + 1 and _coverage(count, rank + 1) >= CONFIDENCE:
        rank += 1
    return rank


def _coverage(count: int, rank: int) -> float:
    below = sum(comb(count, i) for i in range(rank))
    return max(0.0, 1 - below / 2.0 ** (count - 1))
