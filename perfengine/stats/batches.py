"""What a series that remembers itself says: batch means, and for how long it remembers.

Seconds of a run are not independent: a slow one is followed by slow ones. Means of long batches nearly are, so the
spread of ten of them shows how sure the whole is. Source: A. M. Law, "Simulation Modeling and Analysis", chapter 9
(batch means); for ratios of sums W. G. Cochran, "Sampling Techniques", 3rd ed. (1977), chapter 6.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.stats.student import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BATCHES: Final = 10

#: A run must last so many times as long as it remembers, or its spread is not its own.
LEAST_MEMORIES: Final = 20

#: The variance of fewer batches says little.
_LEAST_BATCHES: Final = 4
#: Memory is looked for in longer batches while it is at least this part of a batch: what is below is noise.
_TRACE: Final = 0.2
#: Of values: what is left of equal ones when their mean is taken off.
_ROUNDING: Final = 1e-12


def memory(values: Sequence[float]) -> float:
    """Return the integrated autocorrelation time, in values: 1 when each is independent, and never less.

    b Var(mean of b) / Var(x) for b = 1, 2, 4, ..., the largest of them: with tau of it n values tell what n / tau
    independent ones would. Where that is more, (1 + r) / (1 - r) of the correlation r of neighbours: what a
    first-order process with it would have, for in a short run batches that are long enough are too few.
    Source: the blocking of H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91 (1989) 461-466, ended as in latte's
    effective sample size; first-order process: G. S. Fishman, "Principles of Discrete Event Simulation" (1978).
    """
    series = np.asarray(values, dtype=np.float64)
    variance = _variance(series)
    longest, length = _of_neighbours(series, variance), 2
    while variance and len(series) // length >= _LEAST_BATCHES:
        found = length * float(_block_means(series, length).var(ddof=1)) / variance
        if found <= _TRACE * length:
            break
        longest, length = max(longest, found), length * 2
    return longest


def is_too_short(values: Sequence[float]) -> bool:
    """Return whether the series does not last twenty times as long as it remembers."""
    return len(values) < LEAST_MEMORIES * memory(values)


def ratio_of_sums(numerators: Sequence[float], denominators: Sequence[float]) -> Estimate:
    """Return sum(numerators) / sum(denominators) with its error by ten batches, or fewer where values are few.

    The error is sqrt(k / (k - 1) sum (N_i - r D_i)^2) / sum(D), over k batches.

    Raises: ZeroDivisionError for fewer than two values, or denominators of 0 in all.
    """
    count = min(BATCHES, len(numerators))
    tops, bottoms = (_batch_sums(values, count) for values in (numerators, denominators))
    total = float(bottoms.sum())
    ratio = float(tops.sum()) / total
    squares = float(((tops - ratio * bottoms) ** 2).sum())
    return Estimate(value=ratio, error=sqrt(count / (count - 1) * squares) / abs(total), df=count - 1)


def design_effect(error: float, independent_error: float) -> float:
    """Return by how much the variance is larger than that of independent attempts; never less than 1."""
    return max((error / independent_error) ** 2, 1.0) if independent_error else 1.0


def _variance(series: NDArray[np.float64]) -> float:
    """Return the variance of the sample; 0 for values that are equal but for rounding."""
    found = float(series.var(ddof=1)) if len(series) > 1 else 0.0
    return found if found > _ROUNDING**2 * float(series @ series) else 0.0


def _of_neighbours(series: NDArray[np.float64], variance: float) -> float:
    if not variance:
        return 1.0
    rest = series - series.mean()
    correlation = float(rest[1:] @ rest[:-1]) / float(rest @ rest)
    return max((1 + correlation) / (1 - correlation), 1.0)


def _block_means(series: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    blocks = len(series) // length
    means: NDArray[np.float64] = series[: blocks * length].reshape(blocks, length).mean(axis=1)
    return means


def _batch_sums(values: Sequence[float], count: int) -> NDArray[np.float64]:
    series = np.asarray(values, dtype=np.float64)
    sums: NDArray[np.float64] = np.add.reduceat(series, np.arange(count) * len(series) // count)
    return sums
