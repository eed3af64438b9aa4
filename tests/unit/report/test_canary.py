"""The canary of a run in its JSON, what it withholds in the text, and batches."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, log
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from perfengine.metrics.batches import packed
from perfengine.metrics.hdr_codec import encode
from perfengine.model.canary import Canary, CanaryShift, CanarySlice
from perfengine.model.compared import ComparisonResult
from perfengine.model.comparison import Answer, Effect, MetricComparison, OperationComparison
from perfengine.model.fingerprint import FieldClass, FieldDifference
from perfengine.model.requirement import Metric
from perfengine.report.batches_json import batches_entry
from perfengine.report.comparison_json import render_comparison_json
from perfengine.report.comparison_text import render_comparison
from perfengine.report.result_json import render_json
from perfengine.report.result_schema import result_schema
from perfengine.stats.hdr import percentile
from tests.builders import count_latencies, make_result, make_summary

SHIFTED = "the environment has shifted: the canary changed by +5.1% to +7.3%, 3.0% is allowed"


def comparison(upper: float = 0.07, *differences: FieldDifference) -> ComparisonResult:
    """Return a comparison that the canary withheld."""
    row = MetricComparison(
        metric=Metric.MEAN,
        answer=Answer.NOT_COMPARABLE,
        before=1e6,
        after=1e6,
        is_gating=True,
        reason=SHIFTED,
    )
    effect = Effect(shift=0.06, lower=0.05, upper=upper)
    return ComparisonResult(
        before=("a.json",),
        after=("b.json",),
        operations=(OperationComparison(name="buy", differences=differences, metrics=(row,)),),
        canary=CanaryShift(effect=effect, allowed=log(1.03)),
    )


def written(**others: Any) -> dict[str, Any]:
    """Return a result as it is read back, checked by the schema."""
    result = replace(make_result([make_summary([1, 2, 3])]), **others)
    document: dict[str, Any] = json.loads(render_json(result, encode))
    assert [error.message for error in Draft202012Validator(result_schema()).iter_errors(document)] == []
    return document


def test_a_run_s_canary() -> None:
    """Its work, and its slices in seconds; null for a run without."""
    part = CanarySlice(measured_ns=3_000_000_000, cpu_ns=(250_000.0,), round_trip_ns=(50_000.0,))
    document = written(canary=Canary(slices=(part,)))
    assert document["canary"]["slices"] == [{"measured": 3.0, "cpu": [0.00025], "round_trip": [0.00005]}]
    assert document["canary"]["sql"]["round_trip"] == "SELECT 1"
    assert written()["canary"] is None


@pytest.mark.parametrize(("upper", "shown"), [(0.07, 0.0725), (inf, None)])
def test_how_it_moved(upper: float, shown: float | None) -> None:
    """As fractions; a bound that is infinite is null."""
    found = written(comparison=comparison(upper))["comparison"]["canary"]
    assert found == pytest.approx(
        {"change": 0.0618, "lower": 0.0513, "upper": shown, "allowed": 0.03}, abs=1e-4
    )
    assert json.loads(render_comparison_json(comparison(upper)))["canary"] == found


def test_why_it_was_withheld_is_said() -> None:
    """Also beside a soft field that differs; hard ones speak for themselves."""
    soft = FieldDifference(name="machine.kernel", before="6.1", after="6.2", field_class=FieldClass.SOFT)
    text = " ".join(render_comparison(comparison(0.07, soft)).split())
    assert SHIFTED in text
    assert "machine.kernel warning: differs" in text


def test_batches() -> None:
    """The ok attempts of each, and those that took no longer than a percentile of all."""
    values = [[n * 7919 % 5000 + 1 for n in range(part, 600, 6)] for part in range(6)]
    together = [value for part in values for value in part]
    counts = count_latencies(together)
    measurement = replace(
        make_summary(together).measurement,
        batches=tuple(packed(count_latencies(part).counts) for part in values),
    )
    found = batches_entry(measurement)
    assert found["ok"] == [100] * 6
    for name, q in (("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
        limit = percentile(counts.counts, 600, q)
        assert found[name] == [sum(value <= limit for value in part) for part in values]


def test_batches_of_repeats() -> None:
    """Neighbours are one where there are more than twenty."""
    measurement = replace(make_summary([5] * 41).measurement, batches=(packed({5: 1}),) * 41)
    found = batches_entry(measurement)
    assert found["ok"] == found["median"] == [3] * 13 + [2]


def test_batches_of_nothing() -> None:
    """An operation without an ok attempt has none."""
    assert set(map(tuple, batches_entry(make_summary([]).measurement).values())) == {()}
