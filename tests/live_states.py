"""States of the live view, and snapshots that lead to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.judging.judge import judge_so_far
from perfengine.live.state import Cause, Clock, GeneratorFigures, LiveState, Load, Row
from perfengine.model.measurement import GeneratorState, OperationSnapshot, ProcessCost, Snapshot
from perfengine.model.requirement import Metric
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies, make_operation, make_requirement, make_summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.model.outcome import Failure
    from perfengine.model.verdict import Judgement

MS = NS_PER_MS


def make_row(
    name: str, *, ok: int = 12_345, bad: int = 0, is_done: bool = False, p50_ms: float = 0.42
) -> Row:
    """Return a row whose latencies follow from the median."""
    return Row(
        operation=name,
        ok=ok,
        rate_per_s=ok / 10,
        p50_ns=round(p50_ms * MS),
        p95_ns=round(3 * p50_ms * MS),
        p99_ns=round(30 * p50_ms * MS),
        max_ns=round(3000 * p50_ms * MS),
        bad=bad,
        is_done=is_done,
    )


def make_judgements() -> tuple[Judgement, ...]:
    """Return a limit that holds, one that is violated and one of which nothing is known."""
    summary = make_summary([10 * MS] * 100)
    later = make_operation("order_query")
    return judge_so_far(
        [
            make_requirement(Metric.P95, 20 * MS),
            make_requirement(Metric.MEAN, 5 * MS),
            make_requirement(Metric.P95, 50 * MS, subject="order_query"),
        ],
        [],
        [summary],
        [summary.operation, later],
    )


def make_mix(rows: int = 3) -> LiveState:
    """Return a mix under an open load, halfway through, with failures and limits."""
    names = ("single_order_confirm", "order_query", "validate_order_total_amount_reject")
    return LiveState(
        scenario="order, customer",
        target="postgresql://app@db.example:5432/shop",
        server="18.6 (Debian 18.6-1)",
        clock=Clock(
            phase="measure", name="mix", number=1, total=1, elapsed_s=12.4, planned_s=30, share=12.4 / 30,
            left_s=17.6, whole_s=3725,
        ),
        load=Load(
            asked_per_s=1500, achieved_per_s=1234.5, clients=50, connections=20, in_use=7.64, dropped=3
        ),
        rows=tuple(
            make_row(names[n] if n < 3 else f"bulk_order_{n}", bad=5 * (n == 1), p50_ms=0.42 + n)
            for n in range(rows)
        ),
        causes=(
            Cause(code="23505 integrity", name="duplicate key value violates unique constraint", count=1204),
            Cause(code="connection_lost", name="the server closed the connection", count=2),
        ),
        generator=GeneratorFigures(
            cpu_share=0.342, processes=2, loop_lag_p99_ns=120_000, start_delay_p99_ns=250_000,
            lateness_p99_ns=1_530_000,
        ),
        judgements=make_judgements(),
    )  # fmt: skip


def make_benchmark() -> LiveState:
    """Return a benchmark at its third operation; two are done, no limit was asked."""
    return LiveState(
        scenario="order",
        target="embedded PostgreSQL",
        clock=Clock(phase="measure", name="order_query", number=3, total=12, elapsed_s=0.4, whole_s=7),
        load=Load(clients=1, connections=1),
        rows=(
            make_row("single_order_confirm", ok=100, is_done=True),
            make_row("bulk_order_confirm", ok=10, bad=2, is_done=True, p50_ms=95),
            Row(operation="order_query"),
        ),
    )


def make_preparation() -> LiveState:
    """Return a run of which nothing is known but its target."""
    return LiveState(
        scenario="order", target="embedded PostgreSQL", clock=Clock(phase="prepare", whole_s=1.5)
    )


def make_snapshot(
    elapsed_s: float,
    latest_ns: Mapping[str, Sequence[int]],
    *,
    ok: int,
    bad: int = 0,
    failures: Mapping[Failure, int] | None = None,
    processes: int = 1,
    busy_s: float = 0,
    connections: int = 2,
    judgements: tuple[Judgement, ...] = (),
    lag_ns: Sequence[int] = (),
    cpu_s: float = 0.5,
) -> Snapshot:
    """Return a snapshot of a second; `ok` and `bad` are totals, of each operation."""
    every = [value for values in latest_ns.values() for value in values]
    cost = ProcessCost(wall_ns=NS_PER_S, cpu_ns=round(cpu_s * NS_PER_S))
    return Snapshot(
        operation="mix",
        phase="measure",
        elapsed_ns=round(elapsed_s * NS_PER_S),
        ok=ok * len(latest_ns),
        bad=bad * len(latest_ns),
        latest=count_latencies(every),
        operations=tuple(
            OperationSnapshot(operation=name, ok=ok, bad=bad, latest=count_latencies(values))
            for name, values in latest_ns.items()
        ),
        failures=failures or {},
        busy_ns=round(busy_s * NS_PER_S),
        generator=GeneratorState(processes=(cost,) * processes, loop_lag=count_latencies(lag_ns)),
        connections=connections,
        judgements=judgements,
    )
