"""What monitoring sees of a run: sums that never fall, from the intervals of all load processes."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine import __version__
from perfengine.engine.events import Detail, IntervalTold, PhaseBegan, detail_of
from perfengine.exporters import metrics as names
from perfengine.exporters.buckets import BOUNDS_S, buckets_of
from perfengine.exporters.metrics import METRICS, Buckets
from perfengine.exporters.totals import RunTotals, _statuses
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Verdict
from perfengine.units import NS_PER_S
from tests.run_events import (
    MS,
    OPERATION,
    counted,
    make_interval,
    make_judgement,
    make_phase,
    tell_a_run,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_OPERATION = ("order", OPERATION)


def told() -> RunTotals:
    """Return the sums of a run of two seconds."""
    totals = RunTotals()
    tell_a_run(totals)
    return totals


def values(totals: RunTotals, metric: names.Metric) -> Mapping[tuple[str, ...], float | Buckets]:
    """Return what a metric is."""
    return next(family.values for family in totals.families() if family.metric is metric)


def test_it_looks_at_all_there_is() -> None:
    """Else it would be told of no interval."""
    assert detail_of(RunTotals()) is Detail.INTERVALS


def test_attempts_are_counted_by_outcome() -> None:
    """Of all processes and seconds together; an outcome that never came is 0, so that rates begin there."""
    found = values(told(), names.ATTEMPTS)
    assert found[*OF_OPERATION, "ok"] == 12
    assert found[*OF_OPERATION, "refused"] == 4
    assert found[*OF_OPERATION, "dropped"] == 4
    assert found[*OF_OPERATION, "timeout"] == 0
    assert values(told(), names.ERRORS) == {(*OF_OPERATION, "integrity", "23505"): 4}
    assert values(told(), names.RETRIES) == {(*OF_OPERATION, "40001"): 8}


def test_latencies_are_buckets_of_the_merged_histogram() -> None:
    """With an exact sum."""
    latency = values(told(), names.LATENCY)[OF_OPERATION]
    assert isinstance(latency, Buckets)
    up_to = dict(zip(BOUNDS_S, latency.up_to, strict=True))
    assert (up_to[0.0005], up_to[0.001], up_to[0.002], up_to[0.02], up_to[0.05]) == (0, 4, 8, 8, 12)
    assert latency.count == 12
    assert latency.sum_s == pytest.approx(4 * 0.033)


def test_what_the_run_does_now_is_1() -> None:
    """And what it did is 0."""
    assert values(told(), names.PHASE) == {
        ("", "prepare"): 0,
        (OPERATION, "warm-up"): 0,
        (OPERATION, "measure"): 1,
    }


def test_measured_time_of_repeats_adds_up() -> None:
    """A counter never falls."""
    totals, phase = told(), make_phase()
    assert values(totals, names.MEASURED) == {(phase.name,): 2.0}
    totals(PhaseBegan(phase="warm-up", plan=phase, number=2, total=2))
    assert values(totals, names.MEASURED) == {(phase.name,): 2.0}
    totals(IntervalTold(plan=phase, connections=4, interval=make_interval(0, [MS], 0.5)))
    assert values(totals, names.MEASURED) == {(phase.name,): 2.5}


def test_the_load_is_told() -> None:
    """Clients, connections; of an open load what it asks for."""
    totals, phase = RunTotals(), make_phase(rate_per_s=40.0)
    tell_a_run(totals, phase)
    assert values(totals, names.TARGET_RATE) == {(phase.name,): 40.0}
    assert values(totals, names.CONNECTIONS) == {(phase.name,): 4}
    assert values(told(), names.TARGET_RATE) == {}


def test_limits_are_told_by_what_becomes_of_them() -> None:
    """1, 0 or NaN."""
    found = values(told(), names.REQUIREMENT)
    assert found[OPERATION, "p95"] == 1.0
    unproven = found[OPERATION, "p99"]
    assert isinstance(unproven, float)
    assert isnan(unproven)


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [((Verdict.PASS, Verdict.FAIL), 0.0), ((Verdict.FAIL, Verdict.PASS), 0.0), ((Verdict.PASS,), 1.0)],
)
def test_of_two_limits_on_one_metric_the_worse_is_told(verdicts: tuple[Verdict, ...], status: float) -> None:
    """There is one place for them."""
    assert (
        _statuses([make_judgement(verdict, Metric.P95) for verdict in verdicts])[OPERATION, "p95"] == status
    )


def test_the_generator_is_told() -> None:
    """By process, and what its loops wait together."""
    assert values(told(), names.CPU) == {("0",): 0.25, ("1",): 0.25}
    lag = values(told(), names.LOOP_LAG)[()]
    assert isinstance(lag, Buckets)
    assert lag.count == 4


def test_the_run_is_named_once() -> None:
    """Labels that change with every run stand in one series."""
    assert values(told(), names.RUN_INFO) == {("order", "18.6", __version__): 1.0}


def test_every_metric_is_told_and_well_named() -> None:
    """Units in the names, as Prometheus has it; each name once."""
    assert [family.metric for family in told().families()] == list(METRICS)
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    for metric in METRICS:
        assert metric.name.startswith("perfengine_")
        assert (metric.unit == "s") == metric.name.endswith("_seconds"), metric.name


@given(st.lists(st.integers(0, 100 * NS_PER_S), min_size=1, max_size=50))
def test_buckets_hold_every_value_once(values_ns: list[int]) -> None:
    """Up to a bound lie those that are no larger, to three digits."""
    found = buckets_of(counted(values_ns))
    assert found.count == len(values_ns)
    assert list(found.up_to) == sorted(found.up_to)
    for bound, count in zip(BOUNDS_S, found.up_to, strict=True):
        surely = sum(value <= bound * NS_PER_S for value in values_ns)
        perhaps = sum(value <= bound * NS_PER_S * 1.001 for value in values_ns)
        assert surely <= count <= perhaps
