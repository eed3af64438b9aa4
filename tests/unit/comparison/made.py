"""Samples for comparisons: from figures, or from latencies second by second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perfengine.metrics.counts import counter_indexes
from perfengine.model.comparison import BatchSample, OperationSample, ResultSample, SecondSample
from perfengine.stats.hdr import index_of, percentile
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from perfengine.model.comparison import Side
    from perfengine.model.fingerprint import Fingerprint

    Floats = NDArray[np.float64]

#: Seconds of a run of `measured`: long enough to know its own noise.
SECONDS = 60


def histogram(latencies_ns: NDArray[np.int64]) -> dict[int, int]:
    """Return counters and their counts."""
    counts = np.bincount(counter_indexes(latencies_ns))
    found = np.flatnonzero(counts)
    return dict(zip(found.tolist(), counts[found].tolist(), strict=True))


def plain_sample(
    mean_ms: float = 10.0,
    *,
    name: str = "buy",
    ok: int = 1000,
    bad: int = 0,
    measured_s: float = 1.0,
    fingerprint: Fingerprint | None = None,
) -> OperationSample:
    """Return a brief run in which every attempt took the same."""
    latency_ns = round(mean_ms * NS_PER_MS)
    return OperationSample(
        name=name,
        response={index_of(latency_ns): ok} if ok else {},
        mean_ns=mean_ms * NS_PER_MS if ok else None,
        ok=ok,
        bad=bad,
        due=ok + bad,
        measured_ns=round(measured_s * NS_PER_S),
        fingerprint=fingerprint or {},
    )


def batches_of(stretches: Sequence[NDArray[np.int64]]) -> tuple[BatchSample, ...]:
    """Return what the batches of a run with such latencies say of its percentiles."""
    together = np.concatenate(stretches)
    counts = histogram(together)
    quantiles = {q: percentile(counts, len(together), q) for q in (0.5, 0.95, 0.99)}
    return tuple(
        BatchSample(ok=len(part), up_to={q: int((part <= value).sum()) for q, value in quantiles.items()})
        for part in stretches
    )


def sample_of_seconds(
    seconds: Sequence[Floats], *, name: str = "buy", batches: int = 0, fingerprint: Fingerprint | None = None
) -> OperationSample:
    """Return a run from its latencies in ms, an array a second; with histograms of so many stretches."""
    in_ns = [np.maximum(latencies * NS_PER_MS, 1).astype(np.int64) for latencies in seconds]
    together = np.concatenate(in_ns)
    stretches = [
        in_ns[part[0] : part[-1] + 1] for part in np.array_split(np.arange(len(in_ns)), batches or 1)
    ]
    return OperationSample(
        name=name,
        response=histogram(together),
        mean_ns=float(together.mean()),
        ok=len(together),
        bad=0,
        due=len(together),
        measured_ns=len(seconds) * NS_PER_S,
        seconds=tuple(SecondSample(ok=len(part), bad=0, mean_ns=float(part.mean())) for part in in_ns),
        batches=batches_of([np.concatenate(part) for part in stretches]) if batches else (),
        fingerprint=fingerprint or {},
    )


def measured(
    shift: float = 0.0,
    *,
    seed: int = 1,
    name: str = "buy",
    rate: int = 100,
    seconds: int = SECONDS,
    spread: float = 0.3,
    fingerprint: Fingerprint | None = None,
) -> OperationSample:
    """Return a run of independent latencies around 10 ms, moved by a log ratio; its rate moves the other way."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rate * np.exp(-shift), seconds)
    latencies = [10 * np.exp(shift + rng.normal(0, spread, max(int(count), 1))) for count in counts]
    return sample_of_seconds(latencies, name=name, fingerprint=fingerprint)


def autoregressive(rng: np.random.Generator, count: int, phi: float, deviation: float) -> Floats:
    """Return a series that remembers itself, with that standard deviation."""
    steps = rng.normal(0, deviation * np.sqrt(1 - phi**2), count)
    series = np.empty(count)
    series[0] = rng.normal(0, deviation)
    for place in range(1, count):
        series[place] = phi * series[place - 1] + steps[place]
    return series


def one_run(*samples: OperationSample, label: str = "run", session: str = "") -> ResultSample:
    """Return a run of these operations."""
    return ResultSample(label=label, operations=samples, session=session)


def each_a_session(samples: Sequence[OperationSample]) -> Side:
    """Return every run as a session of its own."""
    return tuple((sample,) for sample in samples)


def changed(fingerprint: Fingerprint, changes: Mapping[str, object]) -> dict[str, object]:
    """Return the fingerprint with other values."""
    return {**fingerprint, **changes}
