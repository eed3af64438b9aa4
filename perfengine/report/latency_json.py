"""Latencies as JSON: figures in seconds, histograms as a room that knows them encodes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.measures import SECONDS, scaled
from perfengine.stats.hdr import percentile

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.measurement import LatencyCounts, Measurement
    from perfengine.model.summary import LatencySummary

    Encode = Callable[[LatencyCounts], str]

#: The percentiles of a result, by the name they have there; the 50th is the median.
PERCENTILE_NAMES: Final = {"p90": 90.0, "p95": 95.0, "p99": 99.0, "p999": 99.9}


def seconds(latency_ns: float) -> float:
    """Return nanoseconds as JSON writes them."""
    return scaled(latency_ns, SECONDS)


def seconds_or_none(latency_ns: float | None) -> float | None:
    """Return nanoseconds as JSON writes them, null for None."""
    return None if latency_ns is None else seconds(latency_ns)


def latency_figures(latency: LatencySummary) -> dict[str, float]:
    """Return mean, median, extremes, deviation and percentiles."""
    return {
        "mean": seconds(latency.mean),
        "median": seconds(latency.percentiles[50.0]),
        "min": seconds(latency.minimum),
        "max": seconds(latency.maximum),
        "stdev": seconds(latency.stdev),
        **{name: seconds(latency.percentiles[q]) for name, q in PERCENTILE_NAMES.items()},
    }


def part_figures(part: LatencySummary | None) -> dict[str, float] | None:
    """Return the figures of a part of the response time with the samples behind them, null without any."""
    return None if part is None else {"samples": part.count, **latency_figures(part)}


def delay_figures(delay: LatencyCounts) -> dict[str, float] | None:
    """Return median, p99 and maximum of what a load process was late by, null where nothing was counted."""
    total = sum(delay.counts.values())
    if not total:
        return None
    maximum = delay.moments.maximum
    median, p99 = (min(percentile(delay.counts, total, q), maximum) for q in (0.5, 0.99))
    return {"samples": total, "median": seconds(median), "p99": seconds(p99), "max": seconds(maximum)}


def histograms(measurement: Measurement, encode: Encode) -> dict[str, str]:
    """Return the encoded histograms that hold anything, by name."""
    named = {
        "response": measurement.response,
        "lateness": measurement.lateness,
        "pool_wait": measurement.pool_wait,
        "service": measurement.service,
        "failed_response": measurement.failed_response,
    }
    return {name: encode(latency) for name, latency in named.items() if latency.counts}
