"""Budgets, what nobody measured, and stability in the text report and in the JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from perfengine.report.budget_text import budget_lines, coverage_lines
from perfengine.report.result_json import render_json
from perfengine.report.result_schema import result_schema
from perfengine.report.signs import ASCII, UNICODE
from perfengine.report.stability_text import stabilising_lines, stability_lines
from perfengine.report.text import render_text
from tests.results import make_guide_run, make_troubled_run
from tests.stability_results import make_promised_run, make_repeated_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult
    from tests.conftest import Golden

RUNS = {"repeated": make_repeated_run, "promised": make_promised_run}
SCHEMA = Draft202012Validator(result_schema())


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, golden: Golden) -> None:
    """The whole report is what was read and approved."""
    golden(f"report/{name}.txt", render_text(RUNS[name]()))


@pytest.mark.parametrize("name", RUNS)
def test_a_terminal_can_show_it(name: str) -> None:
    """In 80 columns, and without any sign beyond ASCII where it has none."""
    text = render_text(RUNS[name](), unicode=False)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("make_run", RUNS.values(), ids=RUNS.keys())
def test_json_fits_the_schema(make_run: Callable[[], RunResult]) -> None:
    """Every figure of the text is in the JSON too, by keys that the schema describes."""
    result = make_run()
    document = json.loads(render_json(result, lambda _: "HISTFAAA"))
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    assert len(document["budgets"]) == len(result.budgets)
    assert document["stability"]["repeats"] == result.repeats
    assert len(document["stability"]["operations"]) == len(result.stability)
    assert len(document["stability"]["stabilised"]) == len(result.stabilised)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("budgets", 0, "promise"), "uptime"),
        (("budgets", 0, "design_effect"), 0.5),
        (("budgets", 0, "worst_minute"), None),
        (("coverage", "without_limit"), [1]),
        (("stability", "repeats"), 0),
    ],
)
def test_schema_refuses(path: tuple[str | int, ...], value: object) -> None:
    """A value that no run gives does not fit."""
    document = json.loads(render_json(make_promised_run(), lambda _: "HISTFAAA"))
    *parents, last = path
    place = document
    for key in parents:
        place = place[key]
    place[last] = value
    assert not SCHEMA.is_valid(document)


def test_a_plain_run_says_nothing_of_it() -> None:
    """No heading without anything below it."""
    result = make_guide_run()
    assert list(stability_lines(result, UNICODE)) == []
    assert list(budget_lines(result, ASCII)) == []
    assert list(coverage_lines(result)) == []
    assert list(stabilising_lines(result.stabilised)) == []


def test_a_run_that_asked_nothing_misses_nothing() -> None:
    """Operations without a limit are no news where there is none at all."""
    assert list(coverage_lines(replace(make_troubled_run(), judgements=()))) == []


def test_a_single_run_tells_whether_it_was_steady() -> None:
    """Without repeats there is no spread; what was too short to tell is left out."""
    result = make_repeated_run()
    single = [replace(one, steady=one.steady[:1]) for one in result.stability]
    lines = list(stability_lines(replace(result, repeats=1, stability=tuple(single)), UNICODE))
    text = " ".join(" ".join(lines).split())
    assert "single_order_confirm: steady: the first" in text
    assert "order_status_query: drifting: changed by +" in text
    assert "order_create" not in text
    assert "repeat" not in text
