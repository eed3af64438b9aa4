"""Histograms in HDR's V2 compressed format, base64, as other tools read it. Alone imports hdrh."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

    Raises: ValueError when it has another range or precision.
    """
    histogram = HdrHistogram.decode(text)
    ours = LOWEST_NS, HIGHEST_NS, SIGNIFICANT_DIGITS
    its = histogram.lowest_trackable_value, histogram.highest_trackable_value, histogram.significant_figures
    if its != ours:
        raise ValueError("not a histogram of 1 ns to 1 h with three significant digits")
    counts = {}
    for index in range(histogram.encoder.payload.counts_len):
        if count := int(histogram.get_count_at_index(index)):
            counts[index] = count
    return counts
