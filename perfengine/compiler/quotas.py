"""Whole numbers in the proportions of weights."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def quotas_of(weights: Sequence[float], total: int) -> tuple[int, ...]:
    """Return shares of `total` by the method of the largest remainder, each at least 1.

    Their sum is `total`, or more where small weights would have come away empty. Weights are above 0.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    parts = [total * weight / whole for weight in exact]
    floors = [part.numerator // part.denominator for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda n: floors[n] - parts[n])
    favoured = set(by_remainder[: total - sum(floors)])
    return tuple(max(1, floor + (n in favoured)) for n, floor in enumerate(floors))
