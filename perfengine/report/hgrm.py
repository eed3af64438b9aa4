"""A histogram as HdrHistogram's percentile distribution, which its plotter and others draw. Values in milliseconds.

The lines are those of `outputPercentileDistribution` with five ticks for each halving of the distance to 100 %, as
hdrhistogram for Python computes them.
"""

from __future__ import annotations

import re
from math import log, sqrt
from typing import TYPE_CHECKING, Final

from perfengine.stats.hdr import COUNTERS, SIGNIFICANT_DIGITS, highest_value, lowest_value
from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.model.result import RunResult

_TICKS: Final = 5
_SUB_BUCKETS: Final = 2048
_BUCKETS: Final = COUNTERS * 2 // _SUB_BUCKETS - 1
_NO_NAME: Final = re.compile(r"[^\w.-]+")


def render_hgrm(counts: Mapping[int, int]) -> bytes:
    """Return the distribution of a histogram, counter of stats/hdr.py to count."""
    head = f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}\n\n"
    return "".join([head, *_lines(counts), *_foot(counts)]).encode()


def distributions(result: RunResult) -> Mapping[str, bytes]:
    """Return the distribution of the response of each operation that has one, by a name that a file can have."""
    found: dict[str, bytes] = {}
    for run in result.operations:
        if run.measurement.response.counts:
            name = _NO_NAME.sub("_", run.operation.name)
            while name in found:
                name += "_"
            found[name] = render_hgrm(run.measurement.response.counts)
    return found


def _lines(counts: Mapping[int, int]) -> Iterator[str]:
    total, passed, level = sum(counts.values()), 0, 0.0
    for index in sorted(counts):
        passed += counts[index]
        while 100.0 * passed / total >= level:
            yield _line(index, level, passed)
            level = _next_level(level)
            if passed == total:  # one more, and the rest of the way at once
                yield _line(index, 100.0, passed)
                return


def _line(index: int, level: float, passed: int) -> str:
    share = level / 100
    value = f"{highest_value(index) / NS_PER_MS:12.{SIGNIFICANT_DIGITS}f} {share:2.12f} {passed:10d}"
    return f"{value} {1 / (1 - share):14.2f}\n" if level != 100.0 else f"{value}\n"


def _next_level(level: float) -> float:
    half_distance: float = 2.0 ** (log(100 / (100.0 - level)) / log(2) + 1)
    return level + 100.0 / (_TICKS * half_distance)


def _foot(counts: Mapping[int, int]) -> Iterator[str]:
    """Yield mean, deviation, maximum and the shape of the counters; the middle of a counter stands for its values."""
    total = sum(counts.values())
    middles = {index: _middle(index) for index in counts}
    mean = sum(count * middles[index] for index, count in counts.items()) / total if total else 0.0
    squares = sum(count * (middles[index] - mean) ** 2 for index, count in counts.items())
    deviation = sqrt(squares / total) if total else 0.0
    most = highest_value(max(counts)) if counts else 0
    yield f"#[Mean    = {mean / NS_PER_MS:12.3f}, StdDeviation   = {deviation / NS_PER_MS:12.3f}]\n"
    yield f"#[Max     = {most / NS_PER_MS:12.3f}, TotalCount     = {float(total):12.3f}]\n"
    yield f"#[Buckets = {_BUCKETS:12d}, SubBuckets     = {_SUB_BUCKETS:12d}]\n"


def _middle(index: int) -> int:
    lowest = lowest_value(index)
    return lowest + ((highest_value(index) - lowest + 1) >> 1)
