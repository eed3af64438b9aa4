"""OpenMetrics text, as GitLab and scrapers read it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.report.gitlab import render_openmetrics
from tests.builders import make_result
from tests.results import make_guide_run, make_troubled_run
from tests.unit.report.hostile import HOSTILE, make_hostile_run

if TYPE_CHECKING:
    from perfengine.model.result import RunResult

_SAMPLE: Final = re.compile(r'[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\} \S+')


def lines(result: RunResult) -> list[str]:
    """Return the lines of the text."""
    text = render_openmetrics(result).decode()
    assert text.endswith("# EOF\n")
    return text.splitlines()


def samples(result: RunResult) -> list[str]:
    """Return the lines that hold a value."""
    return [line for line in lines(result) if not line.startswith("#")]


def read_by_gitlab(result: RunResult) -> dict[str, str]:
    """Return names and values as GitLab has them: comments cut off, then split as a shell would."""
    found = {}
    for line in lines(result):
        words = shlex.split(re.sub(r"#.*$", "", line))
        if words:
            name, value = words
            found[name] = value
    return found


def test_figures_of_the_guide() -> None:
    """In seconds and per second."""
    found = read_by_gitlab(make_guide_run())
    of = "entity=order,operation=single_order_confirm"
    assert found[f"perfengine_response_seconds{{{of},quantile=0.95}}"] == "0.0321"
    assert found[f"perfengine_response_mean_seconds{{{of}}}"] == "0.0234"
    assert found[f"perfengine_throughput_per_second{{{of}}}"] == "42.74"
    assert found[f"perfengine_error_ratio{{{of}}}"] == "0"


def test_an_operation_without_an_ok_attempt_has_no_latency() -> None:
    """And no zero in its place."""
    found = [line for line in samples(make_troubled_run()) if "order_create" in line]
    assert found == [
        'perfengine_throughput_per_second{entity="order",operation="order_create"} 0',
        'perfengine_error_ratio{entity="order",operation="order_create"} 1',
    ]


def test_each_family_is_described_before_its_samples() -> None:
    """Also where there are none."""
    text = lines(make_result())
    families = [line.split()[2] for line in text if line.startswith("# TYPE")]
    assert [line.split()[2] for line in text if line.startswith("# HELP")] == families
    assert len(families) == len(set(families)) == 4
    assert samples(make_result()) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names(text: str) -> None:
    """A name stays in its label for scrapers, and GitLab reads as many values as there are."""
    result = make_hostile_run(text)
    assert all(_SAMPLE.fullmatch(line) for line in samples(result))
    assert len(read_by_gitlab(result)) == len(samples(result)) == 6


@given(st.text())
def test_any_name(text: str) -> None:
    """Whatever it is."""
    result = make_hostile_run(text)
    assert all(_SAMPLE.fullmatch(line) for line in samples(result))
    assert len(read_by_gitlab(result)) == 6
