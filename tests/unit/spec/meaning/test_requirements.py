"""Requirements and service levels, and what is noted of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfengine.model.requirement import Metric
from tests.documents import scenario_of

ENTITY = "name: order\nfields: {id: uuid}\n"


@pytest.mark.parametrize(
    ("word", "metric"),
    [
        ("mean", Metric.MEAN),
        ("median", Metric.MEDIAN),
        ("p50", Metric.MEDIAN),
        ("p90", Metric.P90),
        ("p95", Metric.P95),
        ("p99", Metric.P99),
        ("p999", Metric.P999),
        ("p99.9", Metric.P999),
        ("min", Metric.MIN),
        ("max", Metric.MAX),
        ("stdev", Metric.STDEV),
    ],
)
def test_every_word_for_a_latency_means_its_metric(word: str, metric: Metric) -> None:
    """The same in a requirements document and, with a prefix, in a test configuration."""
    (outside,) = scenario_of(f"{ENTITY}requirements: {{api: {{x: {{{word}: 2ms}}}}}}").requirements
    assert (outside.subject, outside.metric, outside.limit, outside.internal) == (
        "x",
        metric,
        2_000_000,
        False,
    )
    for prefix in ("target_", "max_"):
        text = f"{ENTITY}performance: {{requirements: [{{operation: x, {prefix}{word}: 2ms}}]}}"
        (inside,) = scenario_of(text).requirements
        assert (inside.subject, inside.metric, inside.limit, inside.internal) == (
            "x",
            metric,
            2_000_000,
            True,
        )


def test_a_requirement_keeps_its_group_its_place_and_its_line() -> None:
    """A verdict can say where it was asked."""
    (requirement,) = scenario_of(
        f"{ENTITY}requirements:\n  mine:\n    order_create: {{ p95: 200ms }}\n"
    ).requirements
    assert (requirement.group, requirement.source) == ("mine", "requirements")
    assert str(requirement.position) == "1.yaml:5:26"
    assert requirement.position.source == "    order_create: { p95: 200ms }"


def test_limits_come_in_the_order_of_writing() -> None:
    """Groups, operations and words as the author put them."""
    text = f"{ENTITY}requirements: {{load: {{error_rate: 0.1}}, api: {{x: {{p95: 1s, mean: 2s}}}}}}"
    assert [one.metric for one in scenario_of(text).requirements] == [
        Metric.ERROR_RATE,
        Metric.P95,
        Metric.MEAN,
    ]


def test_a_service_level_keeps_its_tier_and_parts() -> None:
    """Each part may be missing."""
    text = f"{ENTITY}service_level_agreements: {{gold: [{{operation: x, response_time_p95: 1s}}]}}"
    (level,) = scenario_of(text).service_levels
    assert (level.operation, level.tier, level.response_time_p95_ns) == ("x", "gold", 1_000_000_000)
    assert level.availability is None
    assert level.error_budget is None


def test_availability_and_budget_that_disagree_are_noted() -> None:
    """The stricter is judged too, and the author should know."""
    entry = "{operation: x, availability: 0.99, error_budget: 2.0}"
    text = f"{ENTITY}service_level_agreements:\n  gold:\n    - {entry}\n"
    scenario = scenario_of(text)
    assert scenario.service_levels[0].availability == Decimal("0.99")
    assert scenario.notes == (
        "1.yaml:5: x: availability 0.99 allows 1 % of failures, error_budget 2 %: the stricter is judged too",
    )


def test_availability_and_budget_that_agree_are_not() -> None:
    """0.999 and 0.1 % say the same."""
    text = f"{ENTITY}service_level_agreements: {{gold: [{{operation: x, availability: 0.999, error_budget: 0.1}}]}}"
    assert scenario_of(text).notes == ()


@pytest.mark.parametrize(
    ("performance", "notes"),
    [
        ("metrics: [latency, query_execution_time]", ()),
        ("metrics: [cpu_usage, latency, memory_usage, network_io]", ()),
        ("reports: [{format: json}]", ()),
        (
            "reports: [{format: html, include_charts: true, include_trends: false}, {format: junit}]",
            (),
        ),
        (
            "reports: [{format: json, include_raw_data: true, include_plans: true}]",
            (
                "reports: include_raw_data: json holds histograms and counts per second, --raw single attempts",
                "reports: accepted, without effect on json yet: include_plans",
            ),
        ),
        (
            "reports: [{format: html, include_plans: true}]",
            ("reports: accepted, without effect on html yet: include_plans",),
        ),
        ("enabled: false, reports: [{format: csv}]", ()),
    ],
)
def test_what_cannot_be_had_yet_is_named_in_one_line(performance: str, notes: tuple[str, ...]) -> None:
    """A line a kind, for all documents together; nothing for what is not run."""
    assert scenario_of(f"{ENTITY}performance: {{{performance}}}").notes == notes


def test_what_several_entities_ask_for_is_named_once() -> None:
    """One line, whoever asked."""
    asked = "performance: {reports: [{format: junit, include_plans: true}]}"
    other = f"name: invoice\nfields: {{id: uuid}}\n{asked}"
    scenario = scenario_of(ENTITY + asked, other)
    assert scenario.notes == ("reports: accepted, without effect on junit yet: include_plans",)
