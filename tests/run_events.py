"""What a run tells, made by hand: phases, intervals of load processes, verdicts."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from perfengine.engine.events import IntervalTold, PhaseBegan, RunBegan
from perfengine.metrics.counts import count_values
from perfengine.model.measurement import (
    GeneratorState,
    Interval,
    LatencyCounts,
    Measurement,
    ProcessCost,
    Snapshot,
)
from perfengine.model.outcome import Outcome
from perfengine.model.requirement import Metric
from perfengine.model.settings import LoadSettings
from perfengine.model.verdict import Judgement, Verdict
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_failure
from tests.entities import compile_entities, make_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.engine.events import Watch
    from perfengine.model.plan import PhasePlan

MS = NS_PER_MS
OPERATION = "single_order_ship"
REFUSED = make_failure(Outcome.REFUSED, sqlstate="23505", error_class="integrity", message="duplicate")


def counted(values_ns: Sequence[int]) -> LatencyCounts:
    """Return the histogram of values."""
    return count_values(array("q", values_ns))


def make_phase(rate_per_s: float | None = None) -> PhasePlan:
    """Return a phase of one operation; with a rate its load is open."""
    settings = LoadSettings(filters=(OPERATION,), duration_ns=10 * NS_PER_S, rate_per_s=rate_per_s)
    return compile_entities(make_order(), settings=settings).phases[0]


def make_interval(
    process: int, values_ns: Sequence[int], elapsed_s: float = 1.0, refused: int = 0
) -> Interval:
    """Return what a process tells of a second: attempts of these latencies, and so many that were refused."""
    part = Measurement(
        operation=OPERATION,
        attempts=len(values_ns) + refused,
        failures={REFUSED: refused} if refused else {},
        response=counted(values_ns),
        service=counted(values_ns),
        lateness=counted([0] * len(values_ns)),
        retries={"40001": 2},
        dropped=1,
    )
    cost = ProcessCost(wall_ns=NS_PER_S, cpu_ns=NS_PER_S // 4, run_queue_ns=NS_PER_S // 100)
    return Interval(
        process=process,
        elapsed_ns=round(elapsed_s * NS_PER_S),
        operations=(part,),
        seconds=({},),
        generator=GeneratorState(processes=(cost,), loop_lag=counted([50_000])),
    )


def make_judgement(verdict: Verdict, metric: Metric = Metric.P95) -> Judgement:
    """Return a limit of the operation with its verdict."""
    return Judgement(
        operation=OPERATION,
        subject=OPERATION,
        metric=metric,
        verdict=verdict,
        limit=10 * MS,
        observed=9 * MS,
        samples=100,
    )


def tell_a_run(watch: Watch, phase: PhasePlan | None = None) -> None:
    """Tell two seconds of a phase that two load processes carry."""
    phase = phase or make_phase()
    watch(RunBegan(scenario="order", target="a server", server="18.6"))
    watch(PhaseBegan(phase="prepare"))
    watch(PhaseBegan(phase="warm-up", plan=phase, number=1, total=1))
    watch(PhaseBegan(phase="measure", plan=phase, number=1, total=1))
    for second in (1.0, 2.0):
        for process in (0, 1):
            interval = make_interval(process, [MS, 2 * MS, 30 * MS], second, refused=1)
            watch(IntervalTold(plan=phase, connections=4, interval=interval))
    snapshot = Snapshot(
        operation=phase.name,
        phase="measure",
        elapsed_ns=2 * NS_PER_S,
        ok=12,
        bad=4,
        latest=counted([MS]),
        judgements=(make_judgement(Verdict.PASS), make_judgement(Verdict.UNPROVEN, Metric.P99)),
    )
    watch(snapshot)
