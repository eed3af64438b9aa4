"""What is asked of a run: requirements (observed value against a limit) and service levels (bounds)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from perfengine.model.mistake import Position


class Metric(StrEnum):
    """What a limit speaks of. Latency limits are nanoseconds, ratios fractions, rates per second."""

    MEAN = "mean"
    MEDIAN = "p50"
    P90 = "p90"
    P95 = "p95"
    P99 = "p99"
    P999 = "p99.9"
    MIN = "min"
    MAX = "max"
    STDEV = "stdev"
    ERROR_RATE = "error_rate"
    THROUGHPUT = "requests_per_second"  #: a floor
    CONCURRENT_USERS = "concurrent_users"  #: a floor: satisfied by a run that had that many
    CONNECTIONS = "connections"  #: a ceiling
    MEMORY_PER_REQUEST = "memory_per_request"  #: bytes
    CPU_PER_REQUEST = "cpu_per_request"  #: nanoseconds


#: The words of documents and decorators for the metrics of one operation.
METRIC_OF_WORD: Final[Mapping[str, Metric]] = {
    "mean": Metric.MEAN,
    "median": Metric.MEDIAN,
    "p50": Metric.MEDIAN,
    "p90": Metric.P90,
    "p95": Metric.P95,
    "p99": Metric.P99,
    "p999": Metric.P999,
    "p99.9": Metric.P999,
    "min": Metric.MIN,
    "max": Metric.MAX,
    "stdev": Metric.STDEV,
    "error_rate": Metric.ERROR_RATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One limit. `subject` is an operation name, alias or kind as written; None speaks of the whole run."""

    subject: str | None
    metric: Metric
    limit: int | float
    source: str  #: where it was asked: "test_config", "performance", "workload" or "requirements"
    position: Position
    group: str | None = None  #: the group of a requirements document, as written
    internal: bool = False  #: written inside the scenario: a subject that names nothing is a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """One entry of a service level agreement; ratios are fractions, each part may be missing."""

    operation: str
    tier: str
    position: Position
    availability: Decimal | None = None  #: the least share of good attempts
    response_time_p95_ns: int | None = None
    error_budget: Decimal | None = None  #: the largest share of failed attempts
