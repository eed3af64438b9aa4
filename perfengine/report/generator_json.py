"""What the load processes did to themselves while an operation was measured, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.measurement import ProcessCost
from perfengine.report.latency_json import delay_figures, seconds

if TYPE_CHECKING:
    from perfengine.model.summary import OperationSummary


def generator_entry(operation: OperationSummary) -> dict[str, object]:
    """Return the state of the load processes; `wall`, `cpu` and `run_queue` are those of the busiest."""
    state = operation.measurement.generator
    busiest = max(state.processes, key=_busy_share, default=ProcessCost())
    return {
        "saturated": operation.saturated,
        "share": operation.generator_share,
        "delay": {f"p{percentile:g}": seconds(ns) for percentile, ns in operation.generator_delay_ns.items()},
        **_cost(busiest),
        "processes": [{**_cost(cost), "share": _busy_share(cost)} for cost in state.processes],
        "loop_lag": delay_figures(state.loop_lag),
        "start_delay": delay_figures(state.start_delay),
        "gc_pause": delay_figures(state.gc_pause),
    }


def _cost(cost: ProcessCost) -> dict[str, float]:
    return {
        "wall": seconds(cost.wall_ns),
        "cpu": seconds(cost.cpu_ns),
        "run_queue": seconds(cost.run_queue_ns),
    }


def _busy_share(cost: ProcessCost) -> float:
    return (cost.cpu_ns + cost.run_queue_ns) / cost.wall_ns if cost.wall_ns else 0.0
