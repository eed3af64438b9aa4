"""Summaries under another load: open models, mixes, shared connections, and the parts of a response time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfengine.model.load import ClosedLoad
from perfengine.model.measurement import GeneratorState, ProcessCost
from perfengine.units import NS_PER_S
from tests.builders import count_latencies, summarise_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.load import Load
    from perfengine.model.summary import OperationSummary


def with_load(
    summary: OperationSummary,
    load: Load | None = None,
    *,
    connections: int | None = None,
    phase: str = "",
    weight: float = 1.0,
) -> OperationSummary:
    """Return the summary under another load; without one, of clients that have a connection each."""
    load = load or ClosedLoad(users=summary.concurrency)
    return replace(
        summary,
        load=load,
        concurrency=load.clients,
        connections=load.clients if connections is None else connections,
        phase=phase or summary.operation.name,
        weight=weight,
    )


def with_parts(
    summary: OperationSummary,
    *,
    lateness_ns: Sequence[int] = (),
    pool_wait_ns: Sequence[int] = (),
    service_ns: Sequence[int] = (),
) -> OperationSummary:
    """Return the summary with the parts of its response time."""
    measurement = replace(
        summary.measurement,
        lateness=count_latencies(lateness_ns),
        pool_wait=count_latencies(pool_wait_ns),
        service=count_latencies(service_ns),
    )
    return replace(
        summary,
        measurement=measurement,
        lateness=summarise_values(lateness_ns),
        pool_wait=summarise_values(pool_wait_ns),
        service=summarise_values(service_ns),
    )


def with_measured(summary: OperationSummary, **measured: Any) -> OperationSummary:
    """Return the summary with other fields of its measurement."""
    return replace(summary, measurement=replace(summary.measurement, **measured))


def make_generator() -> GeneratorState:
    """Return the state of two load processes, the second of them busier."""
    return GeneratorState(
        processes=(
            ProcessCost(wall_ns=30 * NS_PER_S, cpu_ns=6 * NS_PER_S, run_queue_ns=0),
            ProcessCost(wall_ns=30 * NS_PER_S, cpu_ns=9 * NS_PER_S, run_queue_ns=3 * NS_PER_S),
        ),
        loop_lag=count_latencies([50_000] * 300),
        start_delay=count_latencies([60_000] * 9000 + [240_000] * 900),
    )
