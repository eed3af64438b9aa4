"""Whole results of other loads than the plain one: an open run that fell behind, and a mix on shared connections."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.model.load import Arrival, ClosedLoad, OpenLoad, Spread, Stage, ThinkTime
from perfengine.model.measurement import SecondCounts
from perfengine.model.requirement import Metric
from perfengine.model.series import About, Ceiling, Series, Watched
from perfengine.model.summary import StageSummary
from perfengine.model.workload import Mode
from perfengine.units import NS_PER_S
from tests.builders import make_failure, make_requirement, make_summary, summarise_values
from tests.loads import make_generator, with_load, with_measured, with_parts
from tests.results import CONFIRM, MS, STATUS, make_judged

if TYPE_CHECKING:
    from perfengine.model.result import RunResult


def make_open_run() -> RunResult:
    """Return a run with arrivals of their own, in which the database fell behind for a while."""
    steady = with_parts(
        make_summary([2 * MS] * 4990, operation=STATUS, measured_ns=10 * NS_PER_S, warmup_attempts=300),
        lateness_ns=[100_000] * 4990,
        service_ns=[1_900_000] * 4990,
    )
    steady = with_load(steady, OpenLoad(rate_per_s=500.0, arrival=Arrival.POISSON))
    stages = (
        Stage(duration_ns=10 * NS_PER_S, target=400.0),
        Stage(duration_ns=20 * NS_PER_S, target=400.0),
        Stage(duration_ns=0, target=0.0),
    )
    behind = make_summary(
        [5 * MS] * 9000 + [400 * MS] * 900,
        operation=CONFIRM,
        failures={make_failure(): 4},
        dropped=90,
        unfinished=6,
        measured_ns=30 * NS_PER_S,
        delay_ns={50.0: 60_000, 99.0: 240_000},
    )
    behind = with_parts(
        behind,
        lateness_ns=[MS // 10] * 9000 + [380 * MS] * 900,
        pool_wait_ns=[MS] * 9000 + [10 * MS] * 900,
        service_ns=[4 * MS] * 9000 + [10 * MS] * 900,
    )
    behind = with_measured(
        with_load(
            behind, OpenLoad(rate_per_s=0.0, clients=40, max_in_flight=200, stages=stages), connections=20
        ),
        retries={"40001": 11, "40P01": 3},
        retried=12,
        records_processed=9900,
        seconds=(SecondCounts(due=2000, ok=1990, bad=4), SecondCounts(due=8000, ok=7910, dropped=90)),
        generator=make_generator(),
    )
    summaries = [_stage(1, stages[0], 0, [5 * MS] * 2000), _stage(2, stages[1], 400, [5 * MS] * 7900, 4, 90)]
    behind = replace(behind, stages=(*summaries, _stage(3, stages[2], 400, [])))
    limits = [
        make_requirement(Metric.P95, 10 * MS, subject="order_status_query"),
        make_requirement(Metric.THROUGHPUT, 900.0, subject="order_status_query"),
        make_requirement(Metric.THROUGHPUT, 350.0, subject="single_order_confirm"),
    ]
    return make_judged([steady, behind], limits)


def _stage(
    number: int, stage: Stage, begin: float, values_ns: list[int], bad: int = 0, dropped: int = 0
) -> StageSummary:
    seconds = stage.duration_ns / NS_PER_S
    return StageSummary(
        number=number,
        duration_ns=stage.duration_ns,
        begin_level=begin,
        target=stage.target,
        ok=len(values_ns),
        bad=bad,
        dropped=dropped,
        throughput_per_s=len(values_ns) / seconds if seconds else 0.0,
        latency=summarise_values(values_ns),
    )


def make_mix_run() -> RunResult:
    """Return a mix of two operations whose users think and share connections, with a watched server."""
    think = ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=NS_PER_S)
    load = ClosedLoad(users=1000, think=think)
    read = with_parts(
        make_summary([3 * MS] * 9000, operation=STATUS, measured_ns=12 * NS_PER_S),
        pool_wait_ns=[2 * MS] * 9000,
        service_ns=[MS] * 9000,
    )
    write = with_parts(
        make_summary([4 * MS] * 3000, operation=CONFIRM, measured_ns=12 * NS_PER_S),
        pool_wait_ns=[MS] * 3000,
        service_ns=[3 * MS] * 3000,
    )
    operations = [
        with_load(read, load, connections=90, phase="mix", weight=75),
        with_load(write, load, connections=90, phase="mix", weight=25),
    ]
    limits = [
        make_requirement(Metric.CONCURRENT_USERS, 1000, subject=None),
        make_requirement(Metric.CONNECTIONS, 100, subject=None),
        make_requirement(Metric.THROUGHPUT, 1000.0, subject=None),
        make_requirement(Metric.CPU_PER_REQUEST, 5 * MS, subject=None),
        make_requirement(Metric.MEMORY_PER_REQUEST, 10_000_000, subject=None),
    ]
    result = make_judged(operations, limits, watched=WATCHED)
    return replace(
        result,
        mode=Mode.MIX,
        processes=2,
        in_process=True,
        ceiling=Ceiling(rate_per_s=31_200.4, measured_at="2026-11-20T08:00:00Z", share=0.41),
        series=SERIES,
    )


WATCHED = (
    Watched(metric="cpu_usage", unit="CPUs", source="/proc", mean=0.8, maximum=1.4, samples=12),
    Watched(metric="wal", unit="B/s", source="server", mean=1_234_567.8, maximum=2e6, samples=11),
    Watched(metric="connection_count", unit="count", source="server", mean=91.5, maximum=92, samples=12),
    Watched(metric="lock_wait_time", unit="s", source="server", mean=0.00012, maximum=0.004, samples=12),
    Watched(metric="memory_usage", unit="B", source="client", mean=9.1e7, maximum=9.4e7, samples=12),
    Watched(
        metric="memory_usage",
        unit="B",
        source="/proc",
        reason="the processes of a server on another machine cannot be seen from here",
    ),
)
SERIES = (
    Series(
        about=About.OPERATION,
        subject="order_status_query",
        phase="mix",
        times_s=(1.0, 2.0),
        columns={"ok": (750, 748), "p99_s": (0.003, None)},
    ),
    Series(
        about=About.SERVER,
        subject="",
        phase="",
        times_s=(0.5, 1.5),
        columns={"cpu_usage": (0.8, float("nan"))},
    ),
)
