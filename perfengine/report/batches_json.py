"""Batches of a phase as JSON: no histograms, but what the bounds of a percentile need of them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from perfengine.stats.hdr import index_of, percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.measurement import Measurement, PackedCounts

_QUANTILES: Final = {"median": 0.5, "p95": 0.95, "p99": 0.99}
#: Of a load that was repeated there are as many for each repeat.
_MOST: Final = 20


def batches_entry(measurement: Measurement) -> dict[str, list[int]]:
    """Return the ok attempts of each batch, and how many of them took no longer than each percentile of all."""
    total = sum(measurement.response.counts.values())
    parts = measurement.batches if total else ()
    up_to = {
        name: [_up_to(index_of(percentile(measurement.response.counts, total, q)), part) for part in parts]
        for name, q in _QUANTILES.items()
    }
    columns = {"ok": [sum(part.counts) for part in parts], **up_to}
    return {name: _together(values) for name, values in columns.items()}


def _up_to(counter: int, part: PackedCounts) -> int:
    return sum(part.counts[: bisect_right(part.counters, counter)])


def _together(values: Sequence[int]) -> list[int]:
    """Return neighbours as one where there are more than twenty."""
    length = -(-len(values) // _MOST)
    return [sum(values[place : place + length]) for place in range(0, len(values), max(length, 1))]
