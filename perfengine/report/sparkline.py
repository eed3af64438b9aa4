"""A series as a line of signs, for a terminal."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNICODE: Final = "▁▂▃▄▅▆▇█"
_ASCII: Final = "12345678"
#: Of the median.
_LEAST_SPAN: Final = 0.1


def sparkline(values: Sequence[float | None], *, unicode: bool) -> str:
    """Return a sign for each value, from the lowest to the highest; None is a dot.

    Without `unicode` the signs are the digits 1 to 8. All signs together stand for a tenth of the median or more:
    what hardly moves looks as if it hardly moved, and without any difference it stands in the middle.
    """
    low, high = _span([value for value in values if value is not None])
    return "".join(_sign(value, low, high, unicode=unicode) for value in values)


def bucket_of(at: int, count: int, width: int) -> int:
    """Return the sign that value `at` of `count` falls into when there are `width` signs at most."""
    return at if count <= width else at * width // count


def in_buckets(values: Sequence[float | None], width: int) -> list[float | None]:
    """Return the medians of as many stretches as there are signs; None for one without any value."""
    count = len(values)
    buckets: list[list[float]] = [[] for _ in range(min(count, width))]
    for at, value in enumerate(values):
        if value is not None:
            buckets[bucket_of(at, count, width)].append(value)
    return [median(bucket) if bucket else None for bucket in buckets]


def _span(known: Sequence[float]) -> tuple[float, float]:
    if not known:
        return 0.0, 0.0
    low, high = min(known), max(known)
    if low == high:  # not widened: its middle would fall on one side or the other as rounding has it
        return low, high
    missing = max(_LEAST_SPAN * abs(median(known)) - (high - low), 0.0)
    return low - missing / 2, high + missing / 2


def _sign(value: float | None, low: float, high: float, *, unicode: bool) -> str:
    signs = _UNICODE if unicode else _ASCII
    if value is None:
        return "·" if unicode else "."
    if low == high:
        return signs[len(signs) // 2]
    return signs[min(int((value - low) / (high - low) * len(signs)), len(signs) - 1)]
