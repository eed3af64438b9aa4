"""Whole results with one of everything that a document can hold: what is written must be read again."""

from __future__ import annotations

from dataclasses import replace
from math import inf, log
from typing import TYPE_CHECKING, Final

from perfengine.model.canary import Canary, CanaryShift, CanarySlice
from perfengine.model.compared import ComparisonResult
from perfengine.model.comparison import (
    Answer,
    Direction,
    Effect,
    MetricComparison,
    OperationComparison,
    Presence,
)
from perfengine.model.fingerprint import FieldClass, FieldDifference, Subject
from perfengine.model.requirement import Metric
from perfengine.model.series import LatencyOverTime, LatencySlot
from tests.load_results import make_mix_run, make_open_run
from tests.results import (
    MS,
    make_guide_run,
    make_interrupted_run,
    make_saturated_run,
    make_troubled_run,
    make_two_entities_run,
)
from tests.stability_results import make_promised_run, make_repeated_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult

_SLOWER = MetricComparison(
    metric=Metric.MEAN,
    answer=Answer.CHANGE,
    before=20.1 * MS,
    after=24.7 * MS,
    effect=Effect(shift=log(1.23), lower=log(1.2), upper=log(1.26)),
    direction=Direction.WORSE,
    is_gating=True,
    fails=True,
    evidence=(3, 4),
    p_value=0.0001,
    smallest=0.031,
    notes=("runs remember",),
)
_ERRORS = MetricComparison(
    metric=Metric.ERROR_RATE,
    answer=Answer.SAME,
    before=0.0,
    after=0.002,
    effect=Effect(shift=0.002, lower=-0.001, upper=0.005, is_ratio=False),
)
_PLAIN = MetricComparison(
    metric=Metric.P95,
    answer=Answer.INCONCLUSIVE,
    before=20.0 * MS,
    after=None,
    effect=Effect(shift=log(1.12), lower=-inf, upper=inf),
    is_gating=True,
    is_unconfirmed=True,
    needed=4,
    reason="the baseline does not say how much runs differ",
)


def make_compared_run() -> RunResult:
    """Return a run with a canary, and a comparison in which everything came about."""
    differs = FieldDifference(name="setting.work_mem", before="4MB", after="8MB", field_class=FieldClass.SOFT)
    comparison = ComparisonResult(
        before=("a.json",),
        after=("b.json",),
        operations=(
            OperationComparison(
                name="order_create", metrics=(_SLOWER, _ERRORS), differences=(differs,), forced=True
            ),
            OperationComparison(name="order_query", metrics=(_PLAIN,)),
            OperationComparison(name="order_delete", presence=Presence.MISSING),
            OperationComparison(name="order_update", presence=Presence.NEW),
        ),
        subjects=(Subject.SETTINGS,),
        allow_missing=True,
        notes=("b.json is incomplete: interrupted",),
        canary=CanaryShift(effect=Effect(shift=0.01, lower=-0.02, upper=0.04), allowed=0.03),
    )
    canary = Canary(
        slices=(
            CanarySlice(measured_ns=MS, cpu_ns=(210_500.5, 211_000.0), round_trip_ns=(40_000.0, 41_000.0)),
        )
    )
    return replace(make_guide_run(), comparison=comparison, canary=canary)


def make_watched_over_time_run() -> RunResult:
    """Return a mix with histograms over time, and rows that were filled."""
    slots = (
        LatencySlot(begin_s=0, maximum_ns=9 * MS, counters=(3, 17, 40), counts=(5, 700, 1)),
        LatencySlot(begin_s=2, maximum_ns=3 * MS, counters=(17,), counts=(80,)),
    )
    over_time = LatencyOverTime(operation="order_status_query", phase="mix", slot_s=2, slots=slots)
    return replace(
        make_mix_run(),
        latency_over_time=(over_time,),
        seeding_s={"order": 0.25},
        data_rows={"order": 1000},
        fingerprints={"order_status_query": {"load.users": 1000, "server.version": None}},
    )


SAMPLES: Final[tuple[Callable[[], RunResult], ...]] = (
    make_guide_run,
    make_troubled_run,
    make_saturated_run,
    make_interrupted_run,
    make_two_entities_run,
    make_open_run,
    make_mix_run,
    make_repeated_run,
    make_promised_run,
    make_compared_run,
    make_watched_over_time_run,
)
