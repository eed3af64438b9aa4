"""The health score, held against the script that defined it."""

from __future__ import annotations

import runpy
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.judging.health import assess_health
from perfengine.judging.judge import judge
from perfengine.model.requirement import Metric
from perfengine.model.summary import LatencySummary
from perfengine.report.result_json import result_document
from perfengine.report.text import render_text
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import (
    make_failure,
    make_figures,
    make_requirement,
    make_result,
    make_summary,
    with_figures,
)

if TYPE_CHECKING:
    from perfengine.model.verdict import Health

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "fixtures" / "seed_analysis.py"))
NAME = "single_order_confirm"

#: Tenths of milliseconds: the script shows four decimals, and these lose no digit there.
tenths_of_ms = st.integers(1, 100_000).map(lambda tenths: tenths * 100_000)


@st.composite
def latencies(draw: st.DrawFn) -> LatencySummary:
    """Draw latency figures; they need not belong to one sample."""
    values = sorted(draw(st.lists(tenths_of_ms, min_size=4, max_size=4)))
    mean = draw(st.sampled_from(values))
    return LatencySummary(
        count=100,
        mean=mean,
        stdev=mean * draw(st.floats(0, 2)),
        minimum=values[0],
        maximum=values[3],
        percentiles={50.0: values[1], 90.0: values[2], 95.0: values[2], 99.0: values[3], 99.9: values[3]},
    )


def assess(latency: LatencySummary | None, target_mean_ns: int | None) -> tuple[Health, dict[str, Any], str]:
    """Return the health of an operation with these figures, its entry in the JSON result, and the text report."""
    summary = make_summary([NS_PER_MS] * 100)
    summary = with_figures(summary, latency) if latency else make_summary(failures={make_failure(): 9})
    asked = [] if target_mean_ns is None else [make_requirement(Metric.MEAN, target_mean_ns)]
    judgements = judge(asked, [], [summary], [summary.operation])
    (health,) = assess_health([summary], judgements)
    result = make_result([summary], judgements=judgements, health=[health])
    document: dict[str, Any] = result_document(result, lambda _: "")
    return health, document["results"].get(NAME, {}), render_text(result)


@given(latencies(), tenths_of_ms)
def test_score_is_that_of_the_script(latency: LatencySummary, target_mean_ns: int) -> None:
    """The score is the script's own, to the last bit, from the JSON result."""
    health, entry, _ = assess(latency, target_mean_ns)
    assert health.score == SCRIPT["calculate_performance_health"](entry)


@given(latencies(), tenths_of_ms)
def test_report_says_what_the_script_prints(latency: LatencySummary, target_mean_ns: int) -> None:
    """The text report holds the very lines that the script prints for the JSON result."""
    _, entry, text = assess(latency, target_mean_ns)
    printed = StringIO()
    with redirect_stdout(printed):
        SCRIPT["analyze_performance_results"](entry)
    assert f"Health: {NAME}\n{printed.getvalue()}" in text


def test_examples_of_the_guide() -> None:
    """The two operations of the guide are in good health."""
    confirm = make_figures(
        count=100,
        mean_s=0.0234,
        median_s=0.0218,
        min_s=0.0189,
        max_s=0.0456,
        stdev_s=0.0056,
        p95_s=0.0321,
        p99_s=0.0412,
    )
    health, _, text = assess(confirm, 50 * NS_PER_MS)
    assert (health.score, health.notices, health.without_target) == (1.0, (), False)
    assert "🟢 Good performance health: 1.00\n" in text


def test_digits_of_small_values_are_kept() -> None:
    """A notice about values below a millisecond shows their digits, where four decimals would show none."""
    quick = make_figures(
        count=100,
        mean_s=0.0000471,
        median_s=0.00004,
        min_s=0.00003,
        max_s=0.00012,
        stdev_s=0.00001,
        p95_s=0.00005,
        p99_s=0.00006,
    )
    health, _, _ = assess(quick, 40_000)
    assert health.notices == (
        ("regression", "Performance regression: 0.0000471s > 0.00004s"),
        ("outliers", "Performance outliers detected: max 0.00012s vs p95 0.00005s"),
    )


def test_without_a_target() -> None:
    """Without a target mean that term is left out, and the health says so."""
    slow = make_figures(count=100, mean_s=9, median_s=9, min_s=9, max_s=9, stdev_s=0, p95_s=9, p99_s=9)
    health, _, _ = assess(slow, None)
    assert (health.score, health.without_target) == (1.0, True)


def test_the_tightest_target_counts() -> None:
    """Of several target means the smallest is the one to keep."""
    summary = make_summary([20 * NS_PER_MS] * 10)
    limits = [make_requirement(Metric.MEAN, limit_ms * NS_PER_MS) for limit_ms in (50, 16, 40)]
    (health,) = assess_health([summary], judge(limits, [], [summary], [summary.operation]))
    assert health.score == pytest.approx(1 - (20 / 16 - 1))


@pytest.mark.parametrize(
    ("mean_s", "stdev_s", "p95_s", "score"),
    [
        (0.0, 0.0, 0.0, 1.0),
        (0.0, 1.0, 1.0, 1.0),
        (1.0, 0.0, 0.0, 1.0),
        (1.0, 1.0, 0.0, 0.8),
    ],
)
def test_terms_that_would_divide_by_zero(mean_s: float, stdev_s: float, p95_s: float, score: float) -> None:
    """A mean or p95 of zero leaves its term out."""
    figures = make_figures(
        count=9, mean_s=mean_s, median_s=0, min_s=0, max_s=1, stdev_s=stdev_s, p95_s=p95_s, p99_s=1
    )
    health, _, _ = assess(figures, None)
    assert health.score == pytest.approx(score)


def test_single_sample() -> None:
    """One sample has no spread and no outlier."""
    summary = make_summary([NS_PER_S])
    (health,) = assess_health([summary], [])
    assert (health.score, health.notices) == (1.0, ())


def test_no_ok_attempt() -> None:
    """Without an ok attempt there is no score, and no line about it."""
    health, entry, text = assess(None, NS_PER_S)
    assert (health.score, health.notices, entry) == (None, (), {})
    assert "health" not in text.lower()
