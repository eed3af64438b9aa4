"""Seconds put together: counts are added, percentiles come from histograms, nothing is averaged that may not be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.report.html.asked_rate import asked_rates, shares_of_mix
from perfengine.report.html.heat_map import heat_map
from perfengine.report.html.limits import most_for
from perfengine.report.html.operation_time import time_of
from perfengine.report.html.slots import slots_by_operation
from perfengine.report.html.steps import steps_of, values_of
from tests.long_documents import make_long_document


@given(
    counts=st.lists(st.integers(0, 50), min_size=1, max_size=400),
    most=st.integers(1, 40),
    multiple=st.integers(1, 8),
)
def test_no_count_is_lost(counts: list[int], most: int, multiple: int) -> None:
    """However many seconds there are: never more steps than asked for, their sums the same, their ends in order."""
    steps = steps_of(range(1, len(counts) + 1), most, multiple)
    assert len(steps.ends_s) <= most
    assert steps.total(np.array(counts, dtype=float)).sum() == sum(counts)
    assert list(steps.ends_s) == sorted(set(steps.ends_s))
    assert steps.step_s == 1 or steps.step_s % multiple == 0
    assert steps.ends_s[-1] == len(counts)


def test_means_follow_their_weights_and_maxima_the_largest() -> None:
    """What is missing counts nothing."""
    steps = steps_of([1, 2, 3, 4], 2)
    values, weights = np.array([1.0, 4.0, np.nan, np.nan]), np.array([1.0, 2.0, 5.0, 0.0])
    assert values_of(steps.mean(values, weights)) == (3.0, None)
    assert values_of(steps.largest(values)) == (4.0, None)


def time_in(document: dict[str, Any], **others: Any) -> Any:
    """Return the first operation of a document over time."""
    name = document["operations"][0]
    entry = {**document["results"][name], **others}
    series = next(one for one in document["series"] if one["subject"] == name)
    return time_of(entry, series, slots_by_operation(document)[name], 1)


def test_percentiles_of_a_second_are_those_of_the_series() -> None:
    """To the digit."""
    document = make_long_document(1, 100)
    time = time_in(document)
    found = time.latencies_s(time.latency_steps(200))
    columns = document["series"][0]["columns"]
    assert list(found["p99"]) == columns["p99_s"]
    assert list(found["max"]) == columns["max_s"]


def test_percentiles_of_more_are_those_of_all_attempts() -> None:
    """Of two operations' worth of slots as of one: put together and put together again is the same."""
    document = make_long_document(1, 1200)
    time = time_in(document)
    fine, rough = time.slots.merged(time.slots.slot_s), time.slots.merged(16)
    assert rough.slot_s == 16
    assert sum(slot.numbers.sum() for slot in rough.slots) == sum(slot.numbers.sum() for slot in fine.slots)
    steps = time.latency_steps(80)
    found = time.latencies_s(steps)
    assert steps.step_s == 16
    assert found["p95"][0] == rough.slots[0].percentiles_s()["p95"]
    assert found["max"][0] == max(document["series"][0]["columns"]["max_s"][:16])


def test_without_histograms_there_are_no_percentiles_of_more_than_a_second() -> None:
    """Of an older result: its maxima can be put together, and nothing else."""
    document = make_long_document(1, 100)
    time = time_of(document["results"]["operation_01"], document["series"][0], None, 1)
    assert set(time.latencies_s(time.latency_steps(50))) == {"max"}


def test_a_last_second_that_was_short_has_its_rate() -> None:
    """Of ten attempts in the last quarter of a second, forty a second."""
    series = {"times": [1, 2, 3], "columns": {"ok": [40, 40, 10]}}
    time = time_of({"measured": 2.25}, series, None, 1)
    assert time.rates_per_s(time.steps(10), "ok") == (40.0, 40.0, 40.0)


@pytest.mark.parametrize("seconds", [30, 700])
def test_every_attempt_is_in_the_heat_map(seconds: int) -> None:
    """In one cell, and in one row of its table."""
    document = make_long_document(1, seconds)
    slots = slots_by_operation(document)["operation_01"]
    total = sum(int(slot.numbers.sum()) for slot in slots.slots)
    chart = heat_map("op1-heat", slots, most_for(20), "op1")
    assert chart
    rows: Any = chart.extra["rows"]
    assert sum(sum(row[1:]) for row in rows) == total
    assert sum(int(cell.replace(",", "")) for row in chart.table.rows for cell in row[1:]) == total
    assert len(rows) == len(chart.x) <= 150


def test_the_rate_that_stages_ask_for() -> None:
    """A ramp is a straight line; after the last stage its level stays."""
    load = {
        "model": "open",
        "rate": None,
        "stages": [{"duration": 10, "target": 100}, {"duration": 10, "target": 100}],
    }
    assert asked_rates({"load": load}, 0.5, [2, 4, 20, 22], 2) == (5.0, 15.0, 50.0, 50.0)
    assert asked_rates({"load": {"model": "closed", "stages": []}}, 1.0, [1], 1) is None


def test_the_share_of_a_mix() -> None:
    """By weight, among the operations of its phase."""
    operations: dict[str, dict[str, Any]] = {
        "a": {"phase": "mix", "weight": 3},
        "b": {"phase": "mix", "weight": 1},
        "c": {"phase": "c"},
    }
    assert shares_of_mix(operations.items()) == {"a": 0.75, "b": 0.25, "c": 1.0}
