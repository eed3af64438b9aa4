"""The histograms of a result as a log of HdrHistogram, format 1.3: a line a histogram, tagged with what it is of.

Every line covers the whole measured time of its operation. Tags are the operation's name for the response and
`name:service`, `name:lateness`, `name:pool_wait`, `name:failed_response` for the others. Values are nanoseconds, the
maxima of lines milliseconds, as the log's readers expect.

Source of the format: HdrHistogram's HistogramLogWriter and HistogramLogReader (Java).
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Final

from perfengine.stats.hdr import highest_value
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.measurement import LatencyCounts, Measurement
    from perfengine.model.result import RunResult
    from perfengine.report.latency_json import Encode

PARTS: Final = ("service", "lateness", "pool_wait", "failed_response")
_LEGEND: Final = '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"'
#: A tag ends at a comma, and a line at its end.
_NO_TAG: Final = re.compile(r"[\s,\x00-\x1f\x7f]")


def render_hlog(result: RunResult, encode: Encode) -> bytes:
    """Return the log, ending in a newline; `encode` gives a histogram as HDR V2 base64 text."""
    started = result.started_at.astimezone(UTC)
    instant = started.isoformat(timespec="milliseconds")
    lines = [
        f"#[Logged by perfengine {result.environment.perfengine}, run {_NO_TAG.sub('_', result.run_id)}]",
        "#[Histogram log format version 1.3]",
        f"#[StartTime: {started.timestamp():.3f} (seconds since epoch), {instant}]",
        _LEGEND,
        *(line for run in result.operations for line in _lines(run.measurement, encode)),
    ]
    # a result that was read may have halves of characters
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def tag_of(operation: str, part: str = "") -> str:
    """Return the tag of an operation's response, or of a part of it."""
    name = _NO_TAG.sub("_", operation)
    return f"{name}:{part}" if part else name


def _lines(measurement: Measurement, encode: Encode) -> Iterator[str]:
    yield from _line(tag_of(measurement.operation), measurement, measurement.response, encode)
    for part in PARTS:
        yield from _line(tag_of(measurement.operation, part), measurement, getattr(measurement, part), encode)


def _line(tag: str, measurement: Measurement, latency: LatencyCounts, encode: Encode) -> Iterator[str]:
    if latency.counts:
        length_s, most = measurement.measured_ns / NS_PER_S, highest_value(max(latency.counts)) / NS_PER_MS
        yield f"Tag={tag},0.000,{length_s:.3f},{most:.3f},{encode(latency)}"
