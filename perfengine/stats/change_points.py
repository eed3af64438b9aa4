"""Where the level of a series changed: E-divisive with means, significance by Student's t.

Sources: D. S. Matteson and N. A. James, "A nonparametric approach for multiple change point analysis of multivariate
data", J. Am. Stat. Assoc. 109 (2014) 334-345, with exponent 1: of all places the one at which the two sides are
farthest apart in energy distance. Windows, and the t test where they have permutations, so that the same series has
the same change points every time: M. Fleming et al., "Hunter: using change point detection to hunt for performance
regressions", ICPE 2023.

How much neighbours depend on each other is asked of what is left when the levels are taken off; that those are
estimates makes it smaller, by 1 over the values of each: F. H. C. Marriott and J. A. Pope, "Bias in the estimation of
autocorrelations", Biometrika 41 (1954) 390-402.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from perfengine.stats.student import t_tails

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

#: Of values: what is left of equal ones when their mean is taken off.
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRule:
    """How sure to be that a level changed, and what matters."""

    window: int = 50  #: values that are looked at together
    least_values: int = 4  #: on either side
    candidate_p: float = 0.01  #: of a place that is looked at again
    final_p: float = 0.001
    least_shift: float = 0.0  #: in the unit of the values


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShift:
    """The level until a place and from there on: means up to the next shift on either side."""

    index: int  #: of the first value at the new level
    before: float
    after: float
    p_value: float

    @property
    def size(self) -> float:
        """How far apart the levels are."""
        return abs(self.after - self.before)


def level_shifts(values: Sequence[float], rule: ShiftRule) -> tuple[LevelShift, ...]:
    """Return where the level of the series changed, in order.

    Values are taken to be independent: of a series that remembers itself half may be found to change
    (`neighbour_correlation`).
    """
    series = np.asarray(values, dtype=np.float64)
    cuts = sorted(_candidates(series, rule))
    while cuts:
        shifts = _shifts(series, cuts)
        unsure = max(shifts, key=lambda shift: shift.p_value)
        small = min(shifts, key=lambda shift: shift.size)
        if unsure.p_value >= rule.final_p:
            cuts.remove(unsure.index)
        elif small.size < rule.least_shift:
            cuts.remove(small.index)
        else:
            return shifts
    return ()


def neighbour_correlation(values: Sequence[float], cuts: Sequence[int] = ()) -> float | None:
    """Return the correlation of neighbours about the levels between cuts; None where too little is known of it."""
    series = np.asarray(values, dtype=np.float64)
    levels = np.split(series, cuts)
    rest = [level - level.mean() for level in levels if len(level)]
    squares = sum(float(each @ each) for each in rest)
    if squares <= _ROUNDING**2 * float(series @ series) or len(series) < 3 * len(rest):
        return None
    return sum(float(each[1:] @ each[:-1]) for each in rest) / squares + len(rest) / len(series)


def _candidates(series: Values, rule: ShiftRule) -> set[int]:
    """Return the places to look at again: windows follow each other by half, or from the last place in one."""
    found: set[int] = set()
    start, end = 0, min(rule.window, len(series))
    while True:
        inside = set(_split(series, start, end, rule))
        found |= inside
        if end == len(series):
            return found
        start = max(inside, default=start + rule.window // 2)
        end = min(start + rule.window, len(series))


def _split(series: Values, start: int, end: int, rule: ShiftRule) -> Iterator[int]:
    """Yield where values start .. end-1 part, and where their parts do."""
    if end - start < 2 * rule.least_values:
        return
    place = start + _farthest_apart(series[start:end], rule.least_values)
    if _shift(series, start, place, end).p_value < rule.candidate_p:
        yield from _split(series, start, place, rule)
        yield place
        yield from _split(series, place, end, rule)


def _farthest_apart(window: Values, least: int) -> int:
    """Return where a window parts best: the tau of the largest Q(tau, kappa).

    With n values before tau and m from there up to kappa: Q = 2/(m+n) sum|x-y| - 2m/((m+n)(n-1)) sum|x-x'|
    - 2n/((m+n)(m-1)) sum|y-y'|, sums over pairs.
    """
    total = len(window)
    sums = np.zeros((total + 1, total + 1))
    sums[1:, 1:] = np.abs(window[:, None] - window[None, :]).cumsum(axis=0).cumsum(axis=1)
    tau, kappa, n, m, too_near = _places(total, least)
    own, both, across = sums[tau, tau], sums[kappa, kappa], sums[tau, kappa]
    q = (
        2 * (across - own)
        - m / np.maximum(n - 1, 1) * own
        - n / np.maximum(m - 1, 1) * (both - 2 * across + own)
    ) / (m + n)
    q[too_near] = -np.inf
    return int(tau.flat[int(np.argmax(q))])


@lru_cache(maxsize=256)
def _places(total: int, least: int) -> tuple[NDArray[Any], ...]:
    """Return every tau with every kappa, how many values lie before and between, and which pairs lie too near."""
    tau, kappa = np.meshgrid(
        np.arange(least, total - least + 1), np.arange(2 * least, total + 1), indexing="ij"
    )
    return tau, kappa, tau, np.maximum(kappa - tau, least), kappa - tau < least


def _shifts(series: Values, cuts: Sequence[int]) -> tuple[LevelShift, ...]:
    starts, ends = [0, *cuts[:-1]], [*cuts[1:], len(series)]
    return tuple(_shift(series, *each) for each in zip(starts, cuts, ends, strict=True))


def _shift(series: Values, start: int, place: int, end: int) -> LevelShift:
    before, after = series[start:place], series[place:end]
    return LevelShift(
        index=place,
        before=float(before.mean()),
        after=float(after.mean()),
        p_value=_two_sample_p(before, after),
    )


def _two_sample_p(before: Values, after: Values) -> float:
    """Return the p value of Student's t test, whose sides spread alike: the level moves, the noise stays."""
    freedom = len(before) + len(after) - 2
    squares = float(((before - before.mean()) ** 2).sum() + ((after - after.mean()) ** 2).sum())
    shift = float(after.mean() - before.mean())
    error = float(np.sqrt(squares / freedom * (1 / len(before) + 1 / len(after))))
    if not error:
        return 0.0 if shift else 1.0
    return t_tails(shift / error, freedom)
