"""Many tests at once: which of them stand.

Holm keeps the probability of a single false alarm among all of them below its level; Benjamini and Hochberg keep the
expected share of false alarms among those that are raised below theirs.

Sources: S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979) 65-70;
Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", J. R. Statist. Soc. B 57 (1995) 289-300.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm(p_values: Sequence[float], level: float) -> tuple[bool, ...]:
    """Return for each p value whether it stands: the smallest against level / n, the next against level / (n - 1)."""
    stands = [False] * len(p_values)
    for passed, place in enumerate(_ascending(p_values)):
        if p_values[place] > level / (len(p_values) - passed):
            break
        stands[place] = True
    return tuple(stands)


def benjamini_hochberg(p_values: Sequence[float], level: float) -> tuple[bool, ...]:
    """Return for each p value whether it stands: all up to the largest k-th smallest that is at most k level / n."""
    order = _ascending(p_values)
    ranks = [
        rank for rank, place in enumerate(order, start=1) if p_values[place] <= rank * level / len(p_values)
    ]
    stands = [False] * len(p_values)
    for place in order[: max(ranks, default=0)]:
        stands[place] = True
    return tuple(stands)


def _ascending(p_values: Sequence[float]) -> list[int]:
    return sorted(range(len(p_values)), key=p_values.__getitem__)
