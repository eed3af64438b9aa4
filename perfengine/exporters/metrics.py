"""The metrics that are exported: names, kinds, labels, meanings. Names and units follow Prometheus' conventions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    #: Tells all metrics with what they are now.
    Families = Callable[[], Iterable["Family"]]


class Kind(StrEnum):
    """The kinds of metrics."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric; its name is without the endings that a kind has: `_total`, `_bucket`, `_sum`, `_count`."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    unit: str = ""  #: "s", "1"; empty: a plain number

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its series, as a scrape has them."""
        endings = {
            Kind.COUNTER: ("_total",),
            Kind.GAUGE: ("",),
            Kind.HISTOGRAM: ("_bucket", "_sum", "_count"),
        }
        return tuple(self.name + ending for ending in endings[self.kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """A histogram: attempts up to each bound of `buckets.BOUNDS_S`, all of them, and the sum of their seconds."""

    up_to: tuple[int, ...]
    count: int
    sum_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A metric with its values, by the values of its labels."""

    metric: Metric
    values: Mapping[tuple[str, ...], float | Buckets] = field(default_factory=dict)


def _histogram(name: str, meaning: str, *labels: str) -> Metric:
    return Metric(name=f"perfengine_{name}", kind=Kind.HISTOGRAM, meaning=meaning, labels=labels, unit="s")


def _counter(name: str, meaning: str, *labels: str, unit: str = "") -> Metric:
    return Metric(name=f"perfengine_{name}", kind=Kind.COUNTER, meaning=meaning, labels=labels, unit=unit)


def _gauge(name: str, meaning: str, *labels: str, unit: str = "") -> Metric:
    return Metric(name=f"perfengine_{name}", kind=Kind.GAUGE, meaning=meaning, labels=labels, unit=unit)


_OF_OPERATION: Final = ("entity", "operation")

LATENCY: Final = _histogram(
    "operation_latency_seconds", "Response time of ok attempts, from when they were due", *_OF_OPERATION
)
SERVICE: Final = _histogram(
    "operation_service_seconds", "Service time of ok attempts: the database and the wire", *_OF_OPERATION
)
LATENESS: Final = _histogram(
    "operation_lateness_seconds", "From when ok attempts were due to when a client began them", *_OF_OPERATION
)
POOL_WAIT: Final = _histogram(
    "operation_pool_wait_seconds", "From there to when they had a connection", *_OF_OPERATION
)
ATTEMPTS: Final = _counter(
    "attempts",
    "Attempts by outcome: ok, refused, error, timeout, starved; dropped and unfinished ones were due too",
    *_OF_OPERATION,
    "outcome",
)
ERRORS: Final = _counter(
    "errors", "Attempts that were not ok, by class and SQLSTATE", *_OF_OPERATION, "class", "sqlstate"
)
RETRIES: Final = _counter("retries", "Tries that were followed by another", *_OF_OPERATION, "sqlstate")
MEASURED: Final = _counter("measured_seconds", "Measured time of a phase", "phase", unit="s")
TARGET_RATE: Final = _gauge("target_rate_per_second", "Attempts a second that an open load asks for", "phase")
CLIENTS: Final = _gauge("clients", "Clients of the phase, at most", "phase")
CONNECTIONS: Final = _gauge("connections", "Connections that these clients have", "phase")
PHASE: Final = _gauge("phase", "1 for what the run does now, 0 for what it did", "phase", "stage")
REQUIREMENT: Final = _gauge(
    "requirement_status",
    "What becomes of a limit so far: 1 holds, 0 violated, NaN unproven",
    "subject",
    "metric",
)
LOOP_LAG: Final = _histogram("loop_lag_seconds", "How long a ready callback waits in a load process")
START_DELAY: Final = _histogram("start_delay_seconds", "How late idle clients begin what is due")
GC_PAUSE: Final = _histogram("gc_pause_seconds", "Pauses of the garbage collector in load processes")
CPU: Final = _gauge(
    "generator_cpu_ratio", "Share of a processor that a load process used", "process", unit="1"
)
RUN_QUEUE: Final = _gauge(
    "generator_run_queue_ratio", "Share of the time that it waited for a processor", "process", unit="1"
)
RUN_INFO: Final = _gauge("run_info", "1; what is run, against what", "scenario", "server", "version")
STARTED: Final = _gauge("run_start_time_seconds", "When the run began, in seconds since 1970", unit="s")

METRICS: Final = (
    *(LATENCY, SERVICE, LATENESS, POOL_WAIT),
    *(ATTEMPTS, ERRORS, RETRIES, MEASURED),
    *(TARGET_RATE, CLIENTS, CONNECTIONS, PHASE, REQUIREMENT),
    *(LOOP_LAG, START_DELAY, GC_PAUSE, CPU, RUN_QUEUE),
    *(RUN_INFO, STARTED),
)
