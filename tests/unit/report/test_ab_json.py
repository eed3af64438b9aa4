"""The document of a paired comparison."""

from __future__ import annotations

import json
from typing import Any

import pytest

from perfengine.model.comparison import Answer, Direction, MetricComparison, PairedFigures
from perfengine.model.requirement import Metric
from perfengine.report.ab_json import render_ab_json, verdict_of
from tests.ab_results import make_effect, make_result, make_row, make_unit


def worse(**given: Any) -> MetricComparison:
    """Return a confirmed regression."""
    effect = make_effect(0.052, 0.039, 0.064)
    paired = PairedFigures(differences=(0.05, 0.06), trimmed=effect, randomisation_p=0.002, confirmed=True)
    change: Any = {"answer": Answer.CHANGE, "direction": Direction.WORSE, "fails": True, "p_value": 0.001}
    return make_row(**{**change, "effect": effect, "paired": paired, **given})


def test_a_document() -> None:
    """Seconds, fractions, rates; every pair with its order; nothing that JSON does not have."""
    result = make_result(
        worse(), make_row(Metric.THROUGHPUT, before=500.0, after=None), units=(make_unit(pairs=2, fresh=1),)
    )
    document = json.loads(render_ab_json(result), parse_constant=pytest.fail)
    assert document["verdict"] == "regression"
    assert document["summary"] == ["B is 5.2 % slower than A in order_query (99% sure: 3.9 % to 6.4 %)."]
    assert document["rule"]["practical"] == pytest.approx(0.05)
    mean = document["operations"]["order_query"]["metrics"]["mean"]
    assert (mean["a"], mean["verdict"], mean["direction"]) == (0.002, "CHANGE", "worse")
    assert [mean[key] for key in ("change", "change_lower", "change_upper")] == pytest.approx(
        [0.052, 0.039, 0.064]
    )
    assert (mean["differences"], mean["confirmed"]) == ([0.05, 0.06], True)
    throughput = document["operations"]["order_query"]["metrics"]["requests_per_second"]
    assert (throughput["a"], throughput["b"]) == (500.0, None)
    unit = document["units"]["order_query"]
    assert (unit["slice"], unit["lead"], unit["load"]["clients"]) == (0.5, 0.025, 2)
    assert [(pair["order"], pair["fresh"]) for pair in unit["pairs"]] == [
        ("ABBA" * 5, False),
        ("ABBA" * 5, True),
    ]
    assert unit["pairs"][0]["a"]["order_query"]["mean"] == pytest.approx(1e-6)
    assert document["arms"]["B"]["label"] == "index.sql"


def test_the_verdict_in_a_word() -> None:
    """A regression before all else; an open question before good news."""
    better = make_row(answer=Answer.CHANGE, direction=Direction.BETTER)
    open_ = make_row(answer=Answer.INCONCLUSIVE)
    assert verdict_of(make_result(make_row())) == "same"
    assert verdict_of(make_result(make_row(), better)) == "improvement"
    assert verdict_of(make_result(better, open_)) == "inconclusive"
    assert verdict_of(make_result(worse(), open_)) == "regression"
    assert verdict_of(make_result(make_row(), incomplete="lost")) == "inconclusive"
