"""Percentiles of a histogram as they are shown: never above the largest value that was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.stats.hdr import percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.measurement import LatencyCounts


def percentiles_of(latency: LatencyCounts, shares: Sequence[float]) -> list[int]:
    """Return the percentiles in ns, one for each share (0..1); none of a histogram that is empty."""
    total = sum(latency.counts.values())
    if not total:
        return []
    # a counter stands for a small range, and a percentile is the largest value of its counter
    return [min(value, latency.moments.maximum) for value in percentiles(latency.counts, total, shares)]
