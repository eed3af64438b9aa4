"""Small builders of results of a paired comparison."""

from __future__ import annotations

from datetime import UTC, datetime
from math import log
from typing import Any

from perfengine.model.ab import AbArm, AbPair, AbResult, AbUnit
from perfengine.model.comparison import (
    Answer,
    CompareRule,
    Effect,
    MetricComparison,
    OperationComparison,
    OperationSample,
)
from perfengine.model.load import ClosedLoad
from perfengine.model.requirement import Metric

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_effect(change: float, lower: float, upper: float, *, is_ratio: bool = True) -> Effect:
    """Return an effect from fractions of A."""
    shifts = (log(1 + value) if is_ratio else value for value in (change, lower, upper))
    shift, low, high = shifts
    return Effect(shift=shift, lower=low, upper=high, is_ratio=is_ratio)


def make_row(metric: Metric = Metric.MEAN, answer: Answer = Answer.SAME, **given: Any) -> MetricComparison:
    """Return a row that decides, of a mean of 2 ms in A."""
    usual: dict[str, Any] = {
        "before": 2e6,
        "after": 2e6,
        "is_gating": True,
        "effect": make_effect(0.002, -0.008, 0.011),
        "evidence": (10, 10),
    }
    return MetricComparison(metric=metric, answer=answer, **{**usual, **given})


def make_sample(name: str = "order_query") -> OperationSample:
    """Return one side of a pair."""
    return OperationSample(
        name=name, response={1000: 400}, mean_ns=1000.0, ok=400, bad=0, due=400, measured_ns=5_000_000_000
    )


def make_unit(name: str = "order_query", pairs: int = 10, fresh: int = 0) -> AbUnit:
    """Return what was measured of an operation."""
    sample = (make_sample(name),)
    return AbUnit(
        name=name,
        load=ClosedLoad(users=2),
        slice_ns=500_000_000,
        lead_ns=25_000_000,
        slices=10,
        pairs=tuple(
            AbPair(order="ABBA" * 5, before=sample, after=sample, is_fresh=number >= pairs - fresh)
            for number in range(pairs)
        ),
        took_s=112.3,
        generator_share=0.3,
    )


def make_result(*rows: MetricComparison, **given: Any) -> AbResult:
    """Return a result of one operation with these rows, unless `operations` says otherwise."""
    usual: dict[str, Any] = {
        "started_at": NOON,
        "finished_at": NOON,
        "seed": 42,
        "rule": CompareRule(),
        "arms": (
            AbArm(letter="A", label="as it is", server="embedded PostgreSQL", version="17.2", run_id="0a"),
            AbArm(letter="B", label="index.sql", server="embedded PostgreSQL", version="17.2", run_id="0b"),
        ),
        "units": (make_unit(),),
        "operations": (OperationComparison(name="order_query", metrics=rows),),
    }
    return AbResult(**{**usual, **given})
