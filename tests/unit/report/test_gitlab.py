"""OpenMetrics text, as GitLab and scrapers read it."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.report.gitlab import render_openmetrics
from tests.builders import make_result
from tests.results import make_guide_run, make_troubled_run
from tests.stability_results import make_promised_run, make_repeated_run
from tests.unit.report.hostile import HOSTILE, make_hostile_run

if TYPE_CHECKING:
    from perfengine.model.result import RunResult

_SAMPLE: Final = re.compile(r'[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\} \S+')


#: An operation with its figures, two budgets with five each, and repeats of one operation.
SAMPLES_OF_HOSTILE: Final = 6 + 2 * 5 + 4 + 3


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
    found = [line for line in samples(replace(make_troubled_run(), budgets=())) if "order_create" in line]
    assert found == [
        'perfengine_throughput_per_second{entity="order",operation="order_create"} 0',
        'perfengine_error_ratio{entity="order",operation="order_create"} 1',
    ]


def test_each_family_is_described_before_its_samples() -> None:
    """Also where there are none."""
    text = lines(make_result())
    families = [line.split()[2] for line in text if line.startswith("# TYPE")]
    assert [line.split()[2] for line in text if line.startswith("# HELP")] == families
    assert len(families) == len(set(families)) == 16
    assert samples(make_result()) == []


def test_budgets() -> None:
    """Allowed, spent, left, how fast, since when and by whom; a rate without end where nothing is allowed."""
    found = read_by_gitlab(make_promised_run())
    of = "entity=order,operation=order_create,promise=availability,tier=critical,limit=99.9%"
    figures = {
        "allowed_attempts": "12",
        "spent_attempts": "85",
        "left_attempts": "-73",
        "burn_rate": "7.083",
        "worst_minute_burn_rate": "14.17",
        "first_breach_second": "61",
        "share_of_bad_ratio": "0.9239",
    }
    assert {name: found[f"perfengine_budget_{name}{{{of}}}"] for name in figures} == figures
    nothing = "entity=order,operation=single_order_confirm,promise=availability,tier=critical,limit=100%"
    assert found[f"perfengine_budget_worst_minute_burn_rate{{{nothing}}}"] == "+Inf"
    assert f"perfengine_budget_burn_rate{{{nothing}}}" not in found


def test_a_budget_that_is_given_twice_is_one_metric() -> None:
    """No reader takes two samples with the same labels."""
    result = make_promised_run()
    twice = replace(result, budgets=(*result.budgets, *result.budgets))
    assert samples(twice) == samples(result)


def test_stability() -> None:
    """How much repeats differ, what that is at most, what it may be, and the verdict."""
    result = make_repeated_run()
    found = read_by_gitlab(result)
    of = "entity=order,operation=single_order_confirm"
    assert found[f"perfengine_stability_variation_ratio{{{of}}}"] == "0.03418"
    assert found[f"perfengine_stability_variation_upper_ratio{{{of}}}"] == "0.06548"
    assert found[f"perfengine_stability_variation_limit_ratio{{{of}}}"] == "0.1"
    assert found[f"perfengine_stability_spread_ratio{{{of}}}"] == "0.1"
    verdicts = {
        (operation, verdict)
        for operation in ("single_order_confirm", "order_status_query", "order_create")
        for verdict in ("PASS", "FAIL", "UNPROVEN")
        if found[f"perfengine_stability_verdict{{entity=order,operation={operation},verdict={verdict}}}"]
        == "1"
    }
    assert verdicts == {
        ("single_order_confirm", "PASS"),
        ("order_status_query", "FAIL"),
        ("order_create", "UNPROVEN"),
    }
    assert not any("stability" in line for line in samples(replace(result, repeats=1)))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names(text: str) -> None:
    """A name stays in its label for scrapers, and GitLab reads as many values as there are."""
    result = make_hostile_run(text)
    assert all(_SAMPLE.fullmatch(line) for line in samples(result))
    assert len(read_by_gitlab(result)) == len(samples(result)) == SAMPLES_OF_HOSTILE


@given(st.text())
def test_any_name(text: str) -> None:
    """Whatever it is."""
    result = make_hostile_run(text)
    assert all(_SAMPLE.fullmatch(line) for line in samples(result))
    assert len(read_by_gitlab(result)) == SAMPLES_OF_HOSTILE
