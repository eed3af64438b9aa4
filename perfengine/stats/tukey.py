"""Tukey's fences: which values lie far outside the middle half. They are named, never removed.

Source: J. W. Tukey, "Exploratory Data Analysis" (1977), chapter 2: inner fences at 1.5, outer ones at 3 interquartile
ranges from the quartiles. Quartiles by linear interpolation (type 7 of R. J. Hyndman and Y. Fan, 1996).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

MILD: Final = 1.5
EXTREME: Final = 3.0

#: Quartiles of fewer values are those values.
LEAST_VALUES: Final = 5


def distances(values: Sequence[float]) -> tuple[float, ...]:
    """Return how far each value lies outside the middle half, in interquartile ranges; 0 within it.

    Where half of the values are equal any other one is infinitely far. Fewer than 5 values have no distances: all 0.
    """
    if len(values) < LEAST_VALUES:
        return (0.0,) * len(values)
    low, high = (float(quartile) for quartile in np.quantile(values, (0.25, 0.75)))
    return tuple(_distance(max(low - value, value - high, 0.0), high - low) for value in values)


def _distance(outside: float, middle: float) -> float:
    if not outside:
        return 0.0
    return outside / middle if middle else float("inf")
