"""Histograms in HDR's V2 compressed format, base64, as other tools read it. Alone imports hdrh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdrh.histogram import HdrHistogram

from perfengine.stats.hdr import HIGHEST_NS, LOWEST_NS, SIGNIFICANT_DIGITS, highest_value, lowest_value

if TYPE_CHECKING:
    from perfengine.model.measurement import LatencyCounts


def encode(latency: LatencyCounts) -> str:
    """Return the counters as HDR V2 base64 text, readable by every HdrHistogram library."""
    histogram = HdrHistogram(LOWEST_NS, HIGHEST_NS, SIGNIFICANT_DIGITS)
    for index, count in latency.counts.items():
        histogram.counts[index] = count
    histogram.total_count = sum(latency.counts.values())
    if latency.counts:
        histogram.min_value = lowest_value(min(latency.counts))
        histogram.max_value = highest_value(max(latency.counts))
    return bytes(histogram.encode()).decode()


def decode(text: str) -> dict[int, int]:
    """Return counter index to count of an encoded histogram of our range.

    Raises: ValueError for a text that is none, or one of another range or precision.
    """
    histogram = _decoded(text)
    ours = LOWEST_NS, HIGHEST_NS, SIGNIFICANT_DIGITS
    its = histogram.lowest_trackable_value, histogram.highest_trackable_value, histogram.significant_figures
    if its != ours:
        raise ValueError("not a histogram of 1 ns to 1 h with three significant digits")
    counts = np.ctypeslib.as_array(histogram.counts)
    filled = np.flatnonzero(counts)
    return dict(zip(filled.tolist(), counts[filled].tolist(), strict=True))


def _decoded(text: str) -> HdrHistogram:
    try:
        return HdrHistogram.decode(text)
    except Exception as error:  # whatever the library stumbles over in a text from outside
        raise ValueError(f"not an encoded histogram: {type(error).__name__}") from error
