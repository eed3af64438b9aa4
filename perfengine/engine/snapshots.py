"""A snapshot from what the load processes have told since the last one, and from the tally."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.metrics.merge import merge_all
from perfengine.model.measurement import (
    GeneratorState,
    OperationSnapshot,
    ProcessCost,
    Snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.metrics.tally import Tally
    from perfengine.model.measurement import Interval
    from perfengine.model.verdict import Judgement


def snapshot_of(
    phase: str,
    tally: Tally,
    intervals: Sequence[Interval],
    *,
    connections: int,
    judgements: tuple[Judgement, ...] = (),
) -> Snapshot:
    """Return the snapshot of a phase: totals of its tally, and what these intervals added to it."""
    parts = [part for interval in intervals for part in interval.operations]
    latest = [
        merge_all(interval.operations[place].response for interval in intervals)
        for place in range(len(tally.by_operation))
    ]
    ok, bad = tally.totals
    return Snapshot(
        operation=phase,
        phase="measure",
        elapsed_ns=tally.elapsed_ns,
        ok=ok,
        bad=bad,
        latest=merge_all(latest),
        operations=tuple(
            OperationSnapshot(
                operation=name, ok=own[0], bad=own[1], dropped=tally.dropped[name], latest=shown
            )
            for (name, own), shown in zip(tally.by_operation.items(), latest, strict=True)
        ),
        failures=tally.failures,
        lateness=merge_all(part.lateness for part in parts),
        busy_ns=sum(part.service.moments.total for part in parts),
        generator=_generator(intervals),
        connections=connections,
        judgements=judgements,
    )


def _generator(intervals: Sequence[Interval]) -> GeneratorState:
    states = [interval.generator for interval in intervals]
    costs: dict[int, ProcessCost] = {}
    for interval in intervals:
        for cost in interval.generator.processes:
            before = costs.get(interval.process, ProcessCost())
            costs[interval.process] = ProcessCost(
                wall_ns=before.wall_ns + cost.wall_ns,
                cpu_ns=before.cpu_ns + cost.cpu_ns,
                run_queue_ns=before.run_queue_ns + cost.run_queue_ns,
            )
    return GeneratorState(
        processes=tuple(cost for _, cost in sorted(costs.items())),
        loop_lag=merge_all(state.loop_lag for state in states),
        start_delay=merge_all(state.start_delay for state in states),
        gc_pause=merge_all(state.gc_pause for state in states),
    )
