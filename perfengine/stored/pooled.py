"""The figures of several runs as one: their attempts together, never an average of percentiles."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.comparison import OperationSample

_PERCENTILES: Final = {"median": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999}


def pooled_figures(
    samples: Sequence[OperationSample], entries: Sequence[Mapping[str, Any]]
) -> dict[str, float]:
    """Return mean, extremes, deviation and percentiles in s, throughput per second, error rate as a fraction.

    Of one run they are those that it says of itself. Without a histogram there are no percentiles but its own.
    """
    ok, bad = (sum(getattr(sample, key) for sample in samples) for key in ("ok", "bad"))
    measured_s = sum(sample.measured_ns for sample in samples) / NS_PER_S
    own = {
        "mean": sum(sample.ok * (sample.mean_ns or 0.0) for sample in samples) / ok / NS_PER_S,
        **_percentiles(samples, ok),
        **_extremes(samples, entries),
        "throughput": ok / measured_s,
        "error_rate": bad / (ok + bad),
    }
    return own if len(samples) > 1 else {**own, **_said(entries[0], (*own, *_PERCENTILES))}


def _said(entry: Mapping[str, Any], names: Iterable[str]) -> dict[str, float]:
    return {name: entry[name] for name in names if isinstance(entry.get(name), int | float)}


def _percentiles(samples: Sequence[OperationSample], ok: int) -> dict[str, float]:
    counts: Counter[int] = Counter()
    for sample in samples:
        counts.update(sample.response)
    if counts.total() != ok:
        return {}
    return {name: percentile(counts, ok, q) / NS_PER_S for name, q in _PERCENTILES.items()}


def _extremes(samples: Sequence[OperationSample], entries: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return min, max and stdev, as far as every run says them."""
    found = {
        name: choose(entry[name] for entry in entries)
        for name, choose in (("min", min), ("max", max))
        if all(isinstance(entry.get(name), int | float) for entry in entries)
    }
    if all(isinstance(entry.get("stdev"), int | float) for entry in entries):
        found["stdev"] = _stdev(samples, [float(entry["stdev"]) for entry in entries])
    return found


def _stdev(samples: Sequence[OperationSample], stdevs_s: Sequence[float]) -> float:
    """Return the deviation of all attempts together, from that of each run around its own mean."""
    ok = sum(sample.ok for sample in samples)
    means_s = [(sample.mean_ns or 0.0) / NS_PER_S for sample in samples]
    mean_s = sum(sample.ok * mean for sample, mean in zip(samples, means_s, strict=True)) / ok
    squares = sum(
        (sample.ok - 1) * stdev**2 + sample.ok * (mean - mean_s) ** 2
        for sample, stdev, mean in zip(samples, stdevs_s, means_s, strict=True)
    )
    return sqrt(squares / max(ok - 1, 1))
