"""Seconds put together, so that a chart has no more points than a screen shows. Counts are added, maxima compared.

Percentiles are never averaged: those of a longer stretch come from its histogram (see slots.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Stretches of time as long as each other, of one second or more."""

    step_s: int
    ends_s: tuple[float, ...]
    places: Integers  #: of each row: which stretch it belongs to

    def total(self, values: Floats) -> Floats:
        """Return the sum of each stretch; what is missing counts nothing."""
        sums: Floats = np.bincount(self.places, np.nan_to_num(values), minlength=len(self.ends_s)).astype(
            np.float64
        )
        return sums

    def largest(self, values: Floats) -> Floats:
        """Return the largest value of each stretch, NaN without any."""
        found = np.full(len(self.ends_s), np.nan)
        np.fmax.at(found, self.places, values)
        return found

    def mean(self, values: Floats, weights: Floats | None = None) -> Floats:
        """Return the mean of each stretch, NaN without any value; of seconds alike, or by weight."""
        weight = np.where(np.isnan(values), 0.0, 1.0 if weights is None else np.nan_to_num(weights))
        sums, totals = self.total(values * weight), self.total(weight)
        means: Floats = np.divide(sums, totals, out=np.full(len(sums), np.nan), where=totals > 0)
        return means


def steps_of(times_s: Sequence[float], most: int, multiple_s: int = 1) -> Steps:
    """Return the stretches, `most` at the most, of rows that end at these times.

    A stretch is a second, or else a multiple of `multiple_s`.
    """
    ends = np.ceil(np.asarray(times_s, dtype=np.float64)).astype(np.int64)
    last = int(ends.max(initial=1))
    step = 1 if last <= most else -(-last // (most * multiple_s)) * multiple_s
    numbers, places = np.unique((np.maximum(ends, 1) - 1) // step, return_inverse=True)
    ends_s = np.minimum((numbers + 1) * step, last)
    return Steps(step_s=step, ends_s=tuple(ends_s.tolist()), places=places.astype(np.int64))


def column(values: object, length: int) -> Floats:
    """Return a column of the document as numbers, NaN where there is none; NaN all over when it is no column."""
    if not isinstance(values, list) or len(values) != length:
        return np.full(length, np.nan)
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.full(length, np.nan)


def values_of(found: Floats) -> Values:
    """Return numbers as a line takes them: None for NaN."""
    return tuple(None if value != value else value for value in found.tolist())  # noqa: PLR0124 - NaN
