"""Figures and histograms of latencies of a stored result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.measurement import LatencyCounts, Moments
from perfengine.model.summary import LatencySummary
from perfengine.stats.hdr import highest_value, lowest_value
from perfengine.stored.whole.numbers import exact_ns, whole_ns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.stored.entry import Entry
    from perfengine.stored.operation import Decode

_PERCENTILES: Final = {50.0: "median", 90.0: "p90", 95.0: "p95", 99.0: "p99", 99.9: "p999"}


def latency_of(entry: Entry, samples: int) -> LatencySummary:
    """Return the figures that stand in an entry, of so many samples."""
    return LatencySummary(
        count=samples,
        mean=exact_ns(entry.number("mean")),
        stdev=exact_ns(entry.number("stdev")),
        minimum=whole_ns(entry.number("min")),
        maximum=whole_ns(entry.number("max")),
        percentiles={q: whole_ns(entry.number(name)) for q, name in _PERCENTILES.items()},
    )


def part_of(entry: Entry | None) -> LatencySummary | None:
    """Return the figures of a part of the response time, None where there are none."""
    return None if entry is None else latency_of(entry, entry.count("samples"))


def histogram_of(
    histograms: Entry | None, name: str, decode: Decode, figures: LatencySummary | None
) -> LatencyCounts:
    """Return a histogram, empty where there is none; its moments are those of the figures."""
    text = histograms.text_or_none(name) if histograms else None
    if histograms is None or text is None:
        return LatencyCounts()
    try:
        counts = decode(text)
    except ValueError as error:
        raise histograms.wrong(name, f"is no histogram that can be read: {error}") from None
    return LatencyCounts(counts=counts, moments=_moments(counts, figures))


def _moments(counts: Mapping[int, int], figures: LatencySummary | None) -> Moments:
    """Return moments: of figures their mean and extremes, without any the extremes of the counters."""
    total = sum(counts.values())
    if not total:
        return Moments()
    if figures is None:
        return Moments(count=total, minimum=lowest_value(min(counts)), maximum=highest_value(max(counts)))
    return Moments(
        count=total,
        total=round(figures.mean * total),
        total_squares=round((figures.stdev**2) * max(total - 1, 0) + figures.mean**2 * total),
        minimum=figures.minimum,
        maximum=figures.maximum,
    )
