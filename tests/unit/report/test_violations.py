"""Violations: a record for every violated limit, in the units and words of the performance guide."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.requirement import Metric
from perfengine.model.verdict import Judgement, Verdict
from perfengine.report.violations import violations_of
from tests.builders import make_requirement, make_result, make_service_level, make_summary
from tests.results import MS, make_guide_run, make_judged, make_troubled_run

FAILED = Judgement(
    operation="order_create",
    subject="order_create",
    metric=Metric.P95,
    verdict=Verdict.FAIL,
    limit=200 * MS,
    observed=250 * MS,
    samples=100,
)


def record_of(judgement: Judgement) -> dict[str, object]:
    """Return the one record of a run with this judgement."""
    (record,) = violations_of(make_result(judgements=[judgement]))
    return record


def test_a_slow_p95_is_the_record_of_the_guide() -> None:
    """Operation, violation, actual, limit, and nothing else; seconds, not nanoseconds."""
    assert record_of(FAILED) == {
        "operation": "order_create",
        "violation": "p95_response_time",
        "actual": 0.25,
        "limit": 0.2,
    }


@pytest.mark.parametrize(
    ("metric", "violation", "inside", "outside"),
    [
        ("response_time_p95", "p95_response_time", 300 * MS, 0.3),
        (Metric.MEAN, "mean_response_time", 300 * MS, 0.3),
        (Metric.P999, "p99.9_response_time", 300 * MS, 0.3),
        ("error_budget", "error_rate", 0.02, 0.02),
        (Metric.ERROR_RATE, "error_rate", 0.02, 0.02),
        ("availability", "availability", 0.98, 0.98),
        (Metric.THROUGHPUT, "requests_per_second", 12.5, 12.5),
        (Metric.CPU_PER_REQUEST, "cpu_per_request", 5 * MS, 0.005),
        (Metric.MEMORY_PER_REQUEST, "memory_per_request", 10_000_000, 10_000_000),
    ],
)
def test_every_metric_has_its_word_and_unit(
    metric: Metric | str, violation: str, inside: float, outside: float
) -> None:
    """A promise of a service level and a requirement on the same thing are called alike."""
    record = record_of(replace(FAILED, metric=metric, observed=inside, limit=inside))
    assert record == {
        "operation": "order_create",
        "violation": violation,
        "actual": outside,
        "limit": outside,
    }


def test_all_of_them_and_no_other() -> None:
    """Both limits of an operation; what holds or is unproven is no violation."""
    result = make_judged(
        [make_summary([300 * MS] * 400, counted_limits_ns=[250 * MS])],
        [
            make_requirement(Metric.P95, 200 * MS),
            make_requirement(Metric.P99, 200 * MS),
            make_requirement(Metric.MEAN, 400 * MS),
            make_requirement(Metric.P999, 400 * MS),
        ],
        [make_service_level(response_time_p95_ns=250 * MS, availability="0.9")],
    )
    assert [(record["violation"], record["limit"]) for record in violations_of(result)] == [
        ("p95_response_time", 0.2),
        ("p99_response_time", 0.2),
        ("p95_response_time", 0.25),
    ]
    assert violations_of(make_guide_run()) == []


def test_the_whole_run_has_a_name_too() -> None:
    """`run` stands where an operation would."""
    record = record_of(replace(FAILED, operation=None, subject="run", metric=Metric.THROUGHPUT))
    assert record["operation"] == "run"


def test_a_percentile_without_an_answer_is_written_as_nothing() -> None:
    """JSON knows no infinity."""
    assert record_of(replace(FAILED, observed=inf))["actual"] is None
    json.dumps(violations_of(make_troubled_run()), allow_nan=False)


@given(observed=st.integers(1, 10**12), limit=st.integers(1, 10**12), metric=st.sampled_from(["p95", "mean"]))
def test_order_survives_the_change_of_units(observed: int, limit: int, metric: str) -> None:
    """What was above its limit in nanoseconds is not below it in seconds."""
    record = record_of(replace(FAILED, metric=Metric(metric), observed=observed, limit=limit))
    actual, allowed = record["actual"], record["limit"]
    assert isinstance(actual, float)
    assert isinstance(allowed, float)
    assert (actual >= allowed) if observed >= limit else (actual <= allowed)
