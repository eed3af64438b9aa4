"""Whole results that several tests render: a good run, a troubled one, and others with one thing to show each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.judging.budgets import budgets_of
from perfengine.judging.health import assess_health
from perfengine.judging.judge import judge
from perfengine.model.operation import Group, Kind
from perfengine.model.outcome import Outcome
from perfengine.model.requirement import Metric
from perfengine.model.result import Ending
from perfengine.model.summary import RowCounts
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import (
    make_failure,
    make_figures,
    make_operation,
    make_requirement,
    make_result,
    make_service_level,
    make_summary,
    with_figures,
)
from tests.loads import with_load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.requirement import Requirement, ServiceLevel
    from perfengine.model.result import RunResult
    from perfengine.model.series import Watched
    from perfengine.model.summary import OperationSummary

MS = NS_PER_MS

CONFIRM = make_operation(aliases=("order_confirm",))
BULK = make_operation("bulk_order_confirm", kind=Kind.BULK_TRANSITION)
STATUS = make_operation("order_status_query", kind=Kind.SIMPLE_SELECT)
CREATE = make_operation("order_create", kind=Kind.INSERT, group=Group.CRUD)


def make_judged(
    operations: Sequence[OperationSummary],
    requirements: Sequence[Requirement] = (),
    service_levels: Sequence[ServiceLevel] = (),
    *,
    entities: tuple[str, ...] = ("order",),
    notes: tuple[str, ...] = (),
    ended: Ending = Ending.COMPLETE,
    incomplete: str | None = None,
    watched: tuple[Watched, ...] = (),
) -> RunResult:
    """Return a result whose limits are judged and whose health is assessed; each client has its connection."""
    available = (CONFIRM, BULK, STATUS, CREATE)
    operations = [one if one.connections else with_load(one) for one in operations]
    judgements = judge(requirements, service_levels, operations, available, watched=watched)
    result = make_result(
        operations,
        judgements=judgements,
        health=assess_health(operations, judgements),
        entities=entities,
        notes=notes,
        ended=ended,
        incomplete=incomplete,
    )
    budgets = budgets_of(service_levels, operations, available)
    return replace(result, watched=watched, budgets=budgets)


def make_guide_run() -> RunResult:
    """Return the run of the performance guide: two operations, a target mean each."""
    confirm = make_figures(
        count=100,
        mean_s=0.0234,
        median_s=0.0218,
        min_s=0.0189,
        max_s=0.0456,
        stdev_s=0.0056,
        p95_s=0.0321,
        p99_s=0.0412,
    )
    bulk = make_figures(
        count=10,
        mean_s=0.4567,
        median_s=0.4321,
        min_s=0.3987,
        max_s=0.5234,
        stdev_s=0.0345,
        p95_s=0.5234,
        p99_s=0.5234,
    )
    operations = [
        with_figures(make_summary([23_400_000] * 100, operation=CONFIRM, measured_ns=2_340_000_000), confirm),
        with_figures(make_summary([456_700_000] * 10, operation=BULK, measured_ns=4_567_000_000), bulk),
    ]
    limits = [
        make_requirement(Metric.MEAN, 50 * MS, subject="single_order_confirm"),
        make_requirement(Metric.MEAN, NS_PER_S, subject="bulk_order_confirm"),
    ]
    return make_judged(operations, limits)


def make_troubled_run() -> RunResult:
    """Return a run in which most things that can happen to an operation did."""
    conflict = make_failure(Outcome.ERROR)
    refused = make_failure(
        Outcome.REFUSED,
        sqlstate="P0001",
        error_class="raised",
        message="invalid transition confirm for order\n\x1b[2Jwith a very long story behind it",
    )
    slow = make_failure(
        Outcome.TIMEOUT, sqlstate="57014", error_class="cancelled", message="statement timeout"
    )
    missing = make_failure(sqlstate="42P01", error_class="schema", message='relation "order" does not exist')
    starved = make_failure(Outcome.STARVED, sqlstate=None, error_class="starved", message="no row left")
    spread = [(5 + n % 90) * MS for n in range(1000)]
    operations = [
        make_summary(
            spread,
            operation=CONFIRM,
            failures={conflict: 3, refused: 12, slow: 1},
            unfinished=2,
            concurrency=8,
            warmup_attempts=48,
            warmup_failures=1,
            counted_limits_ns=[90 * MS, 200 * MS],
            rows=RowCounts(at_start=2000, expected=1000, found=998, unexpected=1, in_doubt=1),
        ),
        make_summary(
            [40 * MS] * 9,
            operation=BULK,
            failures={starved: 1},
            dropped=1,
            rows=RowCounts(at_start=1000, expected=900, found=900),
            cut_short="timeout of 30s after 10 of 50",
        ),
        make_summary(
            [471_000 + n for n in range(60)], operation=STATUS, concurrency=8, counted_limits_ns=[MS]
        ),
        make_summary(operation=CREATE, failures={missing: 100}, concurrency=8),
    ]
    limits = [
        make_requirement(Metric.MEAN, 40 * MS, subject="order_confirm"),
        make_requirement(Metric.P95, NS_PER_S, subject="bulk_transition"),
        make_requirement(Metric.MEAN, 400_000, subject="order_status_query"),
        make_requirement(Metric.P95, MS, subject="simple_select"),
        make_requirement(Metric.P99, 5 * MS, subject="order_status_query"),
        make_requirement(Metric.P95, 200 * MS, subject="order_create"),
        make_requirement(Metric.ERROR_RATE, 0.01, subject="order_create"),
        make_requirement(Metric.MEAN, 75 * MS, subject="order_update"),
        make_requirement(Metric.CONCURRENT_USERS, 1000, subject=None, group="load"),
        make_requirement(Metric.THROUGHPUT, 500.0, subject=None, group="load"),
        make_requirement(Metric.CONNECTIONS, 100, subject=None, group="resources"),
        make_requirement(Metric.MEMORY_PER_REQUEST, 10_000_000, subject=None, group="resources"),
    ]
    levels = [
        make_service_level(
            "order_status_query", availability="0.999", response_time_p95_ns=MS, error_budget="0.1"
        ),
        make_service_level("order_create", availability="0.99"),
    ]
    return make_judged(operations, limits, levels, notes=("memory_usage is not measured yet",))


def make_saturated_run() -> RunResult:
    """Return a run in which the generator was the bottleneck."""
    delay_ns = {50.0: 2 * MS, 95.0: 12 * MS, 99.0: 31 * MS, 99.9: 40 * MS}
    summary = make_summary(
        [(20 + n % 10) * MS for n in range(400)],
        operation=CONFIRM,
        concurrency=200,
        saturated=True,
        delay_ns=delay_ns,
        counted_limits_ns=[200 * MS],
    )
    limits = [
        make_requirement(Metric.MEAN, 50 * MS),
        make_requirement(Metric.P95, 25 * MS),
        make_requirement(Metric.THROUGHPUT, 1000.0, subject=None),
    ]
    levels = [make_service_level(response_time_p95_ns=200 * MS)]
    return make_judged([summary], limits, levels)


def make_interrupted_run() -> RunResult:
    """Return a run that was stopped by Ctrl-C while its second operation ran."""
    operations = [
        make_summary([MS] * 100, operation=CONFIRM),
        make_summary([40 * MS] * 3, operation=BULK, unfinished=1, cut_short="interrupted"),
    ]
    return make_judged(
        operations,
        [make_requirement(Metric.MEAN, 50 * MS)],
        ended=Ending.INTERRUPTED,
        incomplete="interrupted by Ctrl-C",
    )


def make_two_entities_run() -> RunResult:
    """Return a run of two entities, one of them named in another script, without any limit."""
    client = make_operation("naïve_größe_query", entity="größe", kind=Kind.SIMPLE_SELECT)
    return make_judged(
        [make_summary([MS] * 3000, operation=STATUS), make_summary([2 * MS] * 300, operation=client)],
        entities=("order", "größe"),
    )
