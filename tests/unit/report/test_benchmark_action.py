"""Lists for github-action-benchmark: the right figures in the right file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.report.benchmark_action import render_bigger_is_better, render_smaller_is_better
from tests.builders import make_result
from tests.results import make_guide_run, make_troubled_run, make_two_entities_run
from tests.unit.report.hostile import HOSTILE, make_hostile_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult


def read(data: bytes) -> dict[str, dict[str, Any]]:
    """Return the entries by name; no two are called alike."""
    entries = json.loads(data)
    named = {entry["name"]: entry for entry in entries}
    assert len(named) == len(entries)
    return named


def test_times_and_errors_are_better_small() -> None:
    """In milliseconds and percent; the mean has its spread."""
    entries = read(render_smaller_is_better(make_guide_run()))
    assert list(entries)[:5] == [
        f"order.single_order_confirm {metric}" for metric in ("mean", "p50", "p95", "p99", "error_rate")
    ]
    mean = entries["order.single_order_confirm mean"]
    assert mean == {
        "name": "order.single_order_confirm mean",
        "unit": "ms",
        "value": pytest.approx(23.4),
        "range": "± 5.6",
        "extra": "ok attempts: 100",
    }
    assert entries["order.single_order_confirm p95"]["value"] == pytest.approx(32.1)
    errors = read(render_smaller_is_better(make_troubled_run()))["order.single_order_confirm error_rate"]
    assert (errors["unit"], errors["value"]) == ("%", pytest.approx(16 / 1016 * 100))


def test_rates_are_better_big() -> None:
    """Per second, one an operation."""
    entries = read(render_bigger_is_better(make_two_entities_run()))
    assert {name: entry["value"] for name, entry in entries.items()} == {
        "order.order_status_query throughput": 3000.0,
        "größe.naïve_größe_query throughput": 300.0,
    }


def test_an_operation_without_an_ok_attempt_has_no_times() -> None:
    """A zero would be the best time ever."""
    entries = read(render_smaller_is_better(make_troubled_run()))
    assert [name for name in entries if "order_create" in name] == ["order.order_create error_rate"]


@pytest.mark.parametrize("render", [render_smaller_is_better, render_bigger_is_better])
def test_a_run_without_operations_is_an_empty_list(render: Callable[[RunResult], bytes]) -> None:
    """And still JSON."""
    assert render(make_result()) == b"[]\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_one_line(text: str) -> None:
    """Without control characters; the action makes HTML of them and escapes it."""
    for name in read(render_smaller_is_better(make_hostile_run(text))):
        assert name.isprintable()
