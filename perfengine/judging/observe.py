"""The value that a limit is compared with, the samples behind it, and what the generator may have done to it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final

from perfengine.judging.rates import measured_ns
from perfengine.model.requirement import Metric
from perfengine.stats.hdr import rank_of, value_at_rank
from perfengine.stats.samples import MINIMUM_SAMPLES, samples_for_quantile
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfengine.model.summary import LatencySummary, OperationSummary

#: The metrics that are percentiles, in percent.
PERCENTILES: Final = {
    Metric.MEDIAN: 50.0,
    Metric.P90: 90.0,
    Metric.P95: 95.0,
    Metric.P99: 99.0,
    Metric.P999: 99.9,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A measured value; latencies in ns."""

    #: None without data; infinite where a percentile falls among attempts without an answer
    value: float | None
    samples: int
    needed: int = MINIMUM_SAMPLES
    latency: bool = False
    #: How far a saturated generator may have moved the value for the worse, in its unit.
    margin: float = 0
    blame: str = ""  #: how it may have, where that is no delay
    detail: str = ""


def observe(metric: Metric, limit: float, operations: Sequence[OperationSummary]) -> Observation | None:
    """Return the metric over one operation, or over several together; None where it is not measured.

    Latencies of several operations are not one distribution. What an attempt costs the server, no client sees.
    """
    if metric in LATENCIES:
        return _latency(metric, limit, operations[0]) if len(operations) == 1 else None
    over_all = _OVER_ALL.get(metric)
    return over_all(operations) if over_all else None


def observe_percentile(operation: OperationSummary, percentile: float, limit_ns: float) -> Observation:
    """Return a percentile of the response time, in ns, where attempts without a good answer are slower than any.

    It is the histogram's value (three digits, never below the truth), except that it is not above the limit when the
    exact count at the limit says that it is not.
    """
    dropped = operation.measurement.dropped
    bad = failed(operation) + dropped
    total = operation.ok + bad
    value = _value_at(operation, percentile, total, limit_ns)
    delay_ns = operation.generator_delay_ns.get(percentile, 0)
    without = _value_at(operation, percentile, total - dropped, limit_ns) if dropped else None
    spoilt = value == inf and without is not None and without - limit_ns <= delay_ns
    return Observation(
        value=value,
        samples=total,
        needed=samples_for_quantile(percentile / 100),
        latency=True,
        margin=inf if spoilt else delay_ns,
        blame=dropped_text(dropped, total) if spoilt else "",
        detail=f"{bad} of {total} attempts had no good answer and count as slower than any limit"
        if bad
        else "",
    )


def dropped_text(dropped: int, total: int) -> str:
    """Return why dropped attempts are not held against the database where the generator was saturated."""
    return f"{dropped} of {total} attempts were dropped, as a busy generator drops them too"


def failed(operation: OperationSummary) -> int:
    """Return how many attempts ended without a good answer."""
    return operation.refused + operation.error + operation.timeout


def _value_at(operation: OperationSummary, percentile: float, total: int, limit_ns: float) -> float | None:
    if not total:
        return None
    rank = rank_of(percentile / 100, total)
    if rank > operation.ok:
        return inf
    measurement = operation.measurement
    value = min(value_at_rank(measurement.response.counts, rank), measurement.response.moments.maximum)
    slower = measurement.slower_than.get(int(limit_ns))
    holds = slower is not None and rank <= operation.ok - slower
    return min(value, limit_ns) if holds else value


def _latency(metric: Metric, limit: float, operation: OperationSummary) -> Observation:
    if metric in PERCENTILES:
        return observe_percentile(operation, PERCENTILES[metric], limit)
    value, delay_percentile = _MOMENTS[metric]
    return Observation(
        value=value(operation.latency) if operation.latency else None,
        samples=operation.ok,
        latency=True,
        margin=operation.generator_delay_ns.get(delay_percentile, 0),
    )


#: Metric to its value, and to the percentile of the generator's delay that may have spoilt it.
_MOMENTS: Final[dict[Metric, tuple[Callable[[LatencySummary], float], float]]] = {
    Metric.MEAN: (lambda latency: latency.mean, 50.0),
    Metric.MIN: (lambda latency: latency.minimum, 50.0),
    Metric.MAX: (lambda latency: latency.maximum, 99.9),
    Metric.STDEV: (lambda latency: latency.stdev, 99.9),
}
#: The metrics that are response times.
LATENCIES: Final = frozenset({*PERCENTILES, *_MOMENTS})


def _error_rate(operations: Sequence[OperationSummary]) -> Observation:
    tried = sum(operation.attempts - operation.starved for operation in operations)
    bad = sum(failed(operation) for operation in operations)
    detail = f"{bad} of {tried} attempts are bad"
    return Observation(value=bad / tried if tried else None, samples=tried, detail=detail)


def _throughput(operations: Sequence[OperationSummary]) -> Observation:
    ok, together_ns = sum(operation.ok for operation in operations), measured_ns(operations)
    return Observation(
        value=ok * NS_PER_S / together_ns if together_ns else None,
        samples=ok,
        # However fast the database is: no missed rate can be held against it.
        margin=inf,
        blame="a busy generator sends less than the database could take",
    )


def _most_clients(operations: Sequence[OperationSummary]) -> Observation:
    return _most(operations, lambda operation: operation.concurrency)


def _most_connections(operations: Sequence[OperationSummary]) -> Observation:
    return _most(operations, lambda operation: operation.connections)


def _most(operations: Sequence[OperationSummary], count: Callable[[OperationSummary], int]) -> Observation:
    answered = [operation for operation in operations if operation.ok]
    return Observation(
        value=max(map(count, answered), default=None),
        samples=sum(operation.ok for operation in answered),
        needed=1,
    )


_OVER_ALL: Final = {
    Metric.ERROR_RATE: _error_rate,
    Metric.THROUGHPUT: _throughput,
    Metric.CONCURRENT_USERS: _most_clients,
    Metric.CONNECTIONS: _most_connections,
}
