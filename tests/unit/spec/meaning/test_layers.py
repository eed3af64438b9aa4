"""Which of several settings wins."""

from __future__ import annotations

import pytest

from perfengine.model.requirement import Metric
from perfengine.model.scenario import DataSet, Performance, ReportRequest
from tests.documents import messages_of, scenario_of

ENTITY = "name: order\nfields: {id: uuid}\n"
OTHER = "name: invoice\nfields: {id: uuid}\n"


def _performance(*texts: str) -> Performance:
    return scenario_of(*texts).entities[0].performance


def test_an_entity_without_settings_has_none() -> None:
    """What nobody said is not said, and it is enabled."""
    assert _performance(ENTITY) == Performance()


def test_performance_wins_over_test_config_key_by_key() -> None:
    """What only the weaker one says stays."""
    text = ENTITY + (
        "test_config: {performance: {iterations: 5, concurrency: 6, timeout: 1m, metrics: [latency]}}\n"
        "performance: {iterations: 7, metrics: [throughput, latency, latency]}\n"
    )
    assert _performance(text) == Performance(
        iterations=7, concurrency=6, timeout_ns=60_000_000_000, metrics=("throughput", "latency")
    )


def test_the_entitys_own_settings_win_over_those_of_all() -> None:
    """From weak to strong: common test_config, own test_config, common performance, own performance."""
    common = (
        "test_config: {performance: {iterations: 1, concurrency: 1, timeout: 1s, enabled: false}}\n"
        "performance: {iterations: 3, timeout: 3s}\n"
    )
    own = (
        ENTITY
        + "performance: {timeout: 4s}\ntest_config: {performance: {iterations: 2, concurrency: 2, timeout: 2s}}\n"
    )
    for texts in ((own, common), (common, own)):
        assert _performance(*texts) == Performance(
            enabled=False, iterations=3, concurrency=2, timeout_ns=4_000_000_000
        )


def test_settings_without_an_entity_are_for_all() -> None:
    """Those with a name are for that entity alone."""
    scenario = scenario_of(
        ENTITY, OTHER, "performance: {iterations: 9}", "name: invoice\nperformance: {concurrency: 4}"
    )
    assert [(one.performance.iterations, one.performance.concurrency) for one in scenario.entities] == [
        (9, None),
        (9, 4),
    ]


def test_settings_of_an_entity_that_is_not_there_are_a_mistake() -> None:
    """A slip in the name would else be settings for nothing."""
    assert messages_of(ENTITY, "name: ordr\nperformance: {iterations: 9}") == [
        '1:7 "ordr" is no entity of this run'
    ]


def test_data_sets_are_joined_by_name() -> None:
    """The stronger one's come first, because the first is taken."""
    text = ENTITY + (
        "test_config: {performance: {data_sets: [{name: a, orders: 1}, {name: b, orders: 2}]}}\n"
        "performance: {data_sets: [{name: c, orders: 3}, {name: a, orders: 4}]}\n"
    )
    assert _performance(text).data_sets == (
        DataSet(name="c", rows={"order": 3}),
        DataSet(name="a", rows={"order": 4}),
        DataSet(name="b", rows={"order": 2}),
    )


def test_requirements_are_replaced_by_operation_and_metric() -> None:
    """Two limits in one place are both kept: the tightest decides."""
    text = ENTITY + (
        "test_config: {performance: {requirements: [{operation: x, target_p95: 1s, max_mean: 2s}]}}\n"
        "performance: {requirements: [{operation: x, target_p95: 3s, max_p95: 4s}]}\n"
    )
    limits = [(one.metric, one.limit, one.source, one.internal) for one in scenario_of(text).requirements]
    assert limits == [
        (Metric.MEAN, 2_000_000_000, "test_config", True),
        (Metric.P95, 3_000_000_000, "performance", True),
        (Metric.P95, 4_000_000_000, "performance", True),
    ]


def test_requirements_for_all_entities_are_there_once() -> None:
    """They name operations, not entities."""
    scenario = scenario_of(ENTITY, OTHER, "performance: {requirements: [{operation: x, target_p95: 1s}]}")
    assert len(scenario.requirements) == 1


def test_reports_keep_their_options() -> None:
    """So that what cannot be had can be named."""
    text = ENTITY + "performance: {reports: [{format: json}, {format: html, include_charts: no}]}"
    assert _performance(text).reports == (
        ReportRequest(format="json"),
        ReportRequest(format="html", options={"include_charts": False}),
    )


@pytest.mark.parametrize(("written", "enabled"), [("true", True), ("false", False)])
def test_enabled_is_kept(written: str, *, enabled: bool) -> None:
    """The run skips what is not enabled."""
    assert _performance(f"{ENTITY}performance: {{enabled: {written}}}").enabled is enabled
