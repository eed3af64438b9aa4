"""Results of repeated loads, and of promises that were kept and broken, for several tests to render."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from perfengine.comparison.stability import judge_stability, label_outliers
from perfengine.comparison.steady import find_steady_state
from perfengine.model.measurement import SecondCounts
from perfengine.model.repeats import OperationRepeats
from perfengine.model.stabilising import StabilisingStep, Step
from perfengine.model.stability import Steadiness, SteadyState
from perfengine.units import NS_PER_MS
from tests.builders import make_failure, make_service_level, make_summary
from tests.results import CONFIRM, CREATE, STATUS, make_judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.operation import Operation
    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary

MS = NS_PER_MS


def repeats_of(
    operation: Operation, means_ms: Sequence[float], seconds: Sequence[Sequence[float]]
) -> OperationRepeats:
    """Return repeats with these means, each with a series of a value a second."""
    means_ns = tuple(mean * MS for mean in means_ms)
    return OperationRepeats(
        operation=operation.name,
        means_ns=means_ns,
        between=judge_stability(means_ns),
        outliers=label_outliers(means_ns),
        steady=tuple(find_steady_state(values) for values in seconds),
    )


def make_repeated_run() -> RunResult:
    """Return seven repeats of three operations: one that holds, one that does not, one that drifts."""
    wave = np.random.default_rng(7).normal(10, 0.05, 100).tolist()
    settling = [value * (1 + 4 * 0.8**n) for n, value in enumerate(wave)]
    drifting = SteadyState(
        steadiness=Steadiness.DRIFTING,
        cut_s=0,
        kept_s=100,
        drift=0.12,
        detail="changed by +12.0% from begin to end",
    )
    runs = [make_summary([10 * MS] * 700, operation=one) for one in (CONFIRM, STATUS, CREATE)]
    stability = (
        repeats_of(CONFIRM, [10, 10.1, 9.9, 10.05, 9.95, 10, 10.9], [settling, *[wave] * 6]),
        replace(
            repeats_of(STATUS, [10, 14, 7, 12, 6, 15, 9], []),
            steady=(drifting, *(find_steady_state(wave) for _ in range(6))),
        ),
        repeats_of(CREATE, [10, 10.8, 9.3], [wave[:20]] * 3),
    )
    steps = [
        StabilisingStep(step=step, repeat=repeat, took_s=0.0421, done=done, detail=detail)
        for repeat in (1, 2)
        for step, done, detail in (
            (Step.PREWARM, True, "2 scans of 3 tables instead: pg_prewarm cannot be had: permission denied"),
            (Step.ANALYZE, True, "3 tables"),
            (
                Step.AUTOVACUUM,
                repeat == 1,
                "it was not at work" if repeat == 1 else "still at work after 60 s",
            ),
            (Step.CHECKPOINT, False, "the role may not; grant pg_checkpoint, or expect one during the load"),
        )
    ]
    return replace(make_judged(runs), repeats=7, stability=stability, stabilised=tuple(steps))


def make_promised_run() -> RunResult:
    """Return a run of two minutes whose promises are kept, open, and broken by a stall."""
    levels = [
        make_service_level("order_create", availability="0.999", error_budget="0.002"),
        make_service_level("order_status_query", availability="0.99"),
        make_service_level("single_order_confirm", availability="1"),
    ]
    stall = [0] * 60 + [45, 40] + [0] * 58
    runs = [
        _in_seconds(CREATE, stall),
        _in_seconds(STATUS, [int(n % 20 == 0) for n in range(120)]),
        _in_seconds(CONFIRM, [0] * 119 + [1]),
    ]
    return make_judged(runs, service_levels=levels)


def _in_seconds(operation: Operation, bad: Sequence[int], tried: int = 100) -> OperationSummary:
    total = sum(bad)
    values = [MS] * (tried * len(bad) - total)
    summary = make_summary(values, operation=operation, failures={make_failure(): total})
    seconds = tuple(SecondCounts(due=tried, ok=tried - one, bad=one) for one in bad)
    return replace(summary, measurement=replace(summary.measurement, seconds=seconds))
