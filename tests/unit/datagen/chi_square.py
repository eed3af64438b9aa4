"""Pearson's test: how likely counts are that differ so much from what theory expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.special import chdtrc

if TYPE_CHECKING:
    from collections.abc import Sequence

#: With less expected in a bin the statistic has no chi-square distribution.
_LEAST_EXPECTED = 5.0


def chi_square_p(observed: Sequence[int], shares: Sequence[float], fitted: int = 0) -> float:
    """Return the p-value; neighbouring bins become one until enough is expected of each.

    `fitted` is how many parameters of the shares were read off the same counts.
    """
    assert len(observed) == len(shares)
    draws, whole = sum(observed), sum(shares)
    bins: list[tuple[float, float]] = []
    found = expected = 0.0
    for count, share in zip(observed, shares, strict=True):
        found, expected = found + count, expected + draws * share / whole
        if expected >= _LEAST_EXPECTED:
            bins.append((found, expected))
            found = expected = 0.0
    last_found, last_expected = bins.pop()
    bins.append((last_found + found, last_expected + expected))
    assert len(bins) > 1 + fitted
    statistic = sum((count - wanted) ** 2 / wanted for count, wanted in bins)
    return float(chdtrc(len(bins) - 1 - fitted, statistic))
