"""Small builders of the values that rooms hand to each other; everything not asked for is plain and valid."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import mean, stdev
from typing import TYPE_CHECKING

from perfengine.model.environment import Environment
from perfengine.model.measurement import LatencyCounts, Measurement, Moments, SecondCounts
from perfengine.model.mistake import Position
from perfengine.model.operation import Expectation, Group, Kind, Operation, Success
from perfengine.model.outcome import Failure, Outcome
from perfengine.model.requirement import Metric, Requirement, ServiceLevel
from perfengine.model.result import Ending, RunResult
from perfengine.model.summary import LatencySummary, OperationSummary, RowCounts
from perfengine.stats.hdr import index_of, percentile
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.verdict import Health, Judgement

POSITION = Position(path="order.yaml", line=12, column=9, width=5, source="    - operation: order_confirm")
STARTED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)


def make_operation(
    name: str = "single_order_confirm",
    *,
    entity: str = "order",
    group: Group = Group.STATE_MACHINE,
    kind: Kind = Kind.SINGLE_TRANSITION,
    aliases: tuple[str, ...] = (),
    optional: bool = False,
) -> Operation:
    """Return a compiled operation."""
    return Operation(
        name=name,
        entity=entity,
        group=group,
        kind=kind,
        sql='SELECT "order_confirm"($1)',
        parameters=(),
        expectation=Expectation(success=Success.RETURNED),
        default_iterations=100,
        aliases=aliases,
        optional=optional,
    )


def make_failure(
    outcome: Outcome = Outcome.ERROR,
    *,
    sqlstate: str | None = "40001",
    error_class: str = "retryable",
    message: str = "could not serialize access",
) -> Failure:
    """Return the cause of a failed attempt."""
    return Failure(outcome=outcome, sqlstate=sqlstate, error_class=error_class, message=message)


def count_latencies(values_ns: Iterable[int]) -> LatencyCounts:
    """Return the histogram of the values, with exact moments."""
    values = sorted(values_ns)
    moments = Moments(
        count=len(values),
        total=sum(values),
        total_squares=sum(value * value for value in values),
        minimum=values[0] if values else 0,
        maximum=values[-1] if values else 0,
    )
    counts: Counter[int] = Counter()
    for value, times in Counter(values).items():
        counts[index_of(value)] += times
    return LatencyCounts(counts=counts, moments=moments)


def summarise_values(values_ns: Sequence[int]) -> LatencySummary | None:
    """Return the figures of the values, None without any."""
    if not values_ns:
        return None
    counts = count_latencies(values_ns).counts
    return LatencySummary(
        count=len(values_ns),
        mean=mean(values_ns),
        stdev=stdev(values_ns) if len(values_ns) > 1 else 0.0,
        minimum=min(values_ns),
        maximum=max(values_ns),
        percentiles={
            q: min(percentile(counts, len(values_ns), q / 100), max(values_ns)) for q in PERCENTILES
        },
    )


def make_summary(
    values_ns: Sequence[int] = (),
    *,
    operation: Operation | None = None,
    failures: Mapping[Failure, int] | None = None,
    dropped: int = 0,
    unfinished: int = 0,
    counted_limits_ns: Sequence[int] = (),
    concurrency: int = 1,
    measured_ns: int = NS_PER_S,
    delay_ns: Mapping[float, int] | None = None,
    saturated: bool = False,
    cut_short: str | None = None,
    warmup_attempts: int = 0,
    warmup_failures: int = 0,
    rows: RowCounts | None = None,
) -> OperationSummary:
    """Return the summary of a phase whose ok attempts took `values_ns`; the other counts follow from `failures`."""
    operation = operation or make_operation()
    by_outcome = Counter[Outcome]()
    for failure, count in (failures or {}).items():
        by_outcome[failure.outcome] += count
    ok, attempts = len(values_ns), len(values_ns) + by_outcome.total()
    tried = attempts - by_outcome[Outcome.STARVED]
    due = tried + dropped
    return OperationSummary(
        operation=operation,
        concurrency=concurrency,
        requested_iterations=attempts,
        requested_duration_ns=None,
        measurement=Measurement(
            operation=operation.name,
            attempts=attempts,
            starved=by_outcome[Outcome.STARVED],
            unfinished=unfinished,
            dropped=dropped,
            failures=dict(failures or {}),
            response=count_latencies(values_ns),
            slower_than={limit: sum(value > limit for value in values_ns) for limit in counted_limits_ns},
            seconds=(SecondCounts(due=attempts, ok=ok, bad=attempts - ok),),
            measured_ns=measured_ns,
            warmup_attempts=warmup_attempts,
            warmup_failures=warmup_failures,
            rounds=1,
            clients=concurrency,
        ),
        latency=summarise_values(values_ns),
        ok=ok,
        refused=by_outcome[Outcome.REFUSED],
        error=by_outcome[Outcome.ERROR],
        timeout=by_outcome[Outcome.TIMEOUT],
        starved=by_outcome[Outcome.STARVED],
        throughput_per_s=ok * NS_PER_S / measured_ns,
        error_rate=(tried - ok) / tried if tried else None,
        availability=ok / due if due else None,
        generator_share=0.97 if saturated else 0.31,
        generator_delay_ns=delay_ns or {},
        saturated=saturated,
        cut_short=cut_short,
        rows=rows,
    )


def make_figures(
    *,
    count: int,
    mean_s: float,
    median_s: float,
    min_s: float,
    max_s: float,
    stdev_s: float,
    p95_s: float,
    p99_s: float,
) -> LatencySummary:
    """Return latency figures as given, in seconds; p90 is the p95, p99.9 the maximum."""
    in_ns = {50.0: median_s, 90.0: p95_s, 95.0: p95_s, 99.0: p99_s, 99.9: max_s}
    return LatencySummary(
        count=count,
        mean=mean_s * NS_PER_S,
        stdev=stdev_s * NS_PER_S,
        minimum=round(min_s * NS_PER_S),
        maximum=round(max_s * NS_PER_S),
        percentiles={q: round(value * NS_PER_S) for q, value in in_ns.items()},
    )


def with_figures(summary: OperationSummary, latency: LatencySummary) -> OperationSummary:
    """Return the summary with other latency figures."""
    return replace(summary, latency=latency)


def make_requirement(
    metric: Metric = Metric.MEAN,
    limit: float = NS_PER_S,
    *,
    subject: str | None = "single_order_confirm",
    internal: bool = False,
    group: str | None = None,
) -> Requirement:
    """Return a limit."""
    return Requirement(
        subject=subject,
        metric=metric,
        limit=limit,
        source="test_config" if internal else "requirements",
        position=POSITION,
        group=group,
        internal=internal,
    )


def make_service_level(
    operation: str = "single_order_confirm",
    *,
    availability: str | None = None,
    response_time_p95_ns: int | None = None,
    error_budget: str | None = None,
) -> ServiceLevel:
    """Return an entry of a service level agreement; ratios are fractions, written as text."""
    return ServiceLevel(
        operation=operation,
        tier="critical",
        position=POSITION,
        availability=None if availability is None else Decimal(availability),
        response_time_p95_ns=response_time_p95_ns,
        error_budget=None if error_budget is None else Decimal(error_budget),
    )


def make_environment() -> Environment:
    """Return a description of a machine and a server."""
    return Environment(
        perfengine="0.1.0",
        python="3.11.7",
        system="Linux-6.1 x86_64",
        cpus=2,
        libraries={"asyncpg": "0.31.0"},
        event_loop="uvloop 0.22.1",
        target="socket in /tmp/perfengine-x, database postgres",
        embedded=True,
        server_version="18.0",
        server_settings={"shared_buffers": "128MB", "fsync": "on"},
    )


def make_result(
    operations: Iterable[OperationSummary] = (),
    *,
    judgements: Iterable[Judgement] = (),
    health: Iterable[Health] = (),
    entities: tuple[str, ...] = ("order",),
    notes: tuple[str, ...] = (),
    ended: Ending = Ending.COMPLETE,
    incomplete: str | None = None,
) -> RunResult:
    """Return a run's result."""
    return RunResult(
        run_id="20261123T093000-7f3a",
        started_at=STARTED,
        finished_at=STARTED + timedelta(seconds=12.5),
        entities=entities,
        paths=("order.yaml",),
        scenario_sha256="0" * 64,
        seed=42,
        data_set="default",
        data_rows={"order": 1000, "customer": 100},
        environment=make_environment(),
        operations=tuple(operations),
        judgements=tuple(judgements),
        health=tuple(health),
        notes=notes,
        incomplete=incomplete,
        ended=ended,
        seeding_s={"customer": 0.02, "order": 0.1},
    )
