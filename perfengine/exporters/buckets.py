"""Histograms of few buckets, as monitoring takes them, from the fine ones of a measurement."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from perfengine.exporters.metrics import Buckets
from perfengine.stats.hdr import index_of
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.measurement import LatencyCounts

#: 10 µs to 50 s, in steps of 1, 2, 5.
BOUNDS_S: Final = tuple(float(f"{digit}e{exponent}") for exponent in range(-5, 2) for digit in (1, 2, 5))
_BOUND_COUNTERS: Final = tuple(index_of(round(bound * NS_PER_S)) for bound in BOUNDS_S)


def buckets_of(latency: LatencyCounts) -> Buckets:
    """Return how many values lie up to each bound, to three digits; the sum is exact."""
    return Buckets(
        up_to=_up_to(latency.counts),
        count=latency.moments.count,
        sum_s=latency.moments.total / NS_PER_S,
    )


def _up_to(counts: Mapping[int, int]) -> tuple[int, ...]:
    """Return the cumulative counts: the counter that a bound falls into lies below it."""
    within = [0] * (len(BOUNDS_S) + 1)
    place = 0
    for index in sorted(counts):
        while place < len(_BOUND_COUNTERS) and index > _BOUND_COUNTERS[place]:
            place += 1
        within[place] += counts[index]
    return tuple(accumulate(within[:-1]))
