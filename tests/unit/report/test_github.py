"""Workflow commands of GitHub Actions: on the right line, escaped, and no more than are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.requirement import Metric
from perfengine.report.github import annotation_lines
from tests.builders import make_requirement, make_service_level, make_summary
from tests.results import MS, make_guide_run, make_interrupted_run, make_judged, make_troubled_run
from tests.unit.report.hostile import HOSTILE, make_hostile_run
from tests.unit.report.test_comparison import EVERYTHING, OPEN, SAME, make_comparison

if TYPE_CHECKING:
    from perfengine.model.result import RunResult

_COMMAND: Final = re.compile(r"::(error|warning) ([^:]*)::(.*)")


def as_is(path: str) -> str:
    """Take every document for a file of the repository."""
    return path


def read_back(line: str) -> tuple[str, dict[str, str], str]:
    """Return kind, properties and message as GitHub's runner reads them."""
    match = _COMMAND.fullmatch(line)
    assert match
    kind, written, message = match.groups()
    properties = dict(item.split("=", 1) for item in written.split(","))
    return kind, {name: _unescaped(value) for name, value in properties.items()}, _unescaped(message)


def _unescaped(text: str) -> str:
    for written, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, char)
    return text


def failing(count: int) -> RunResult:
    """Return a run with so many violated limits, and one that is unproven."""
    summary = make_summary([300 * MS] * 100)
    limits = [make_requirement(Metric.MEAN, MS * (1 + number)) for number in range(count)]
    return make_judged([summary], [*limits, make_requirement(Metric.P99, 400 * MS)])


def test_a_violated_limit_is_an_error_on_its_line() -> None:
    """With what was seen."""
    first, second = annotation_lines(failing(1), as_is)
    assert read_back(first) == (
        "error",
        {
            "file": "order.yaml",
            "line": "12",
            "col": "9",
            "title": "perfengine: single_order_confirm mean",
        },
        "single_order_confirm: 0.3000s > 0.0010s (target)",
    )
    kind, place, message = read_back(second)
    assert (kind, place["line"]) == ("warning", "12")
    assert message == (
        "single_order_confirm p99: too few samples: needs 299 samples, has 100, 0.3000s < 0.4000s (max)"
    )


def test_unproven_limits_are_errors_with_strict() -> None:
    """As the exit code is then."""
    assert [read_back(line)[0] for line in annotation_lines(failing(1), as_is, strict=True)] == ["error"] * 2


def test_a_service_level_has_a_line_too() -> None:
    """That of its entry."""
    result = make_judged(
        [make_summary([300 * MS] * 100, counted_limits_ns=[MS])],
        service_levels=[make_service_level(response_time_p95_ns=MS)],
    )
    (line,) = annotation_lines(result, as_is)
    assert read_back(line)[1]["line"] == "12"


def test_what_is_no_file_of_the_repository_is_said_without_a_place() -> None:
    """GitHub would show it at a file that is not there."""
    first, _ = annotation_lines(failing(1), lambda _: None)
    assert read_back(first)[1] == {"title": "perfengine: single_order_confirm mean"}


def test_a_run_that_failed_is_an_error_of_its_own() -> None:
    """Before its limits; a good run says nothing."""
    kind, properties, message = read_back(annotation_lines(make_troubled_run(), as_is)[0])
    assert (kind, properties) == ("error", {"title": "perfengine: run failed"})
    assert message == "no ok attempt: order_create; 16 limits: 4 held, 4 violated, 8 unproven"
    assert "interrupted by Ctrl-C" in annotation_lines(make_interrupted_run(), as_is)[0]
    assert annotation_lines(make_guide_run(), as_is) == []


def test_a_change_for_the_worse_is_an_error_without_a_place() -> None:
    """A job that failed for its baseline alone had no annotation at all."""
    lines = annotation_lines(replace(make_guide_run(), comparison=EVERYTHING), as_is)
    told = [read_back(line) for line in lines]
    assert told[0] == (
        "error",
        {"title": "perfengine: order_create baseline"},
        "order_create: CHANGE for the worse, mean +23.4% +21.0%..+25.9%",
    )
    assert [(kind, message.partition(",")[0]) for kind, _, message in told[1:]] == [
        ("error", "order_delete: MISSING: measured before"),
        ("error", "order_ship: beyond the tolerance"),
        ("warning", "bulk_order_update: INCONCLUSIVE"),
        ("warning", "complex_order_search: NOT COMPARABLE"),
    ]


def test_an_open_comparison_is_an_error_with_strict() -> None:
    """As the exit code is then."""
    result = replace(make_guide_run(), comparison=make_comparison(SAME, OPEN))
    kinds = [
        [read_back(line)[0] for line in annotation_lines(result, as_is, strict=s)] for s in (False, True)
    ]
    assert kinds == [["warning"], ["error"]]


@pytest.mark.parametrize(("count", "shown"), [(9, 9), (10, 10), (11, 10), (50, 10)])
def test_no_more_than_github_keeps(count: int, shown: int) -> None:
    """The tenth error says how many there are more."""
    errors = [line for line in annotation_lines(failing(count), as_is) if line.startswith("::error")]
    assert len(errors) == shown
    rest = count - 9
    assert errors[-1].endswith(f"and {rest} more: see the summary of the job") is (count > 10)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_end_no_command_and_begin_none(text: str) -> None:
    """One line a limit, whatever it is called."""
    (line,) = annotation_lines(make_hostile_run(text), as_is)
    kind, properties, message = read_back(line)
    assert kind == "error"
    assert properties["file"] == text
    assert set(properties) == {"file", "line", "col", "title"}
    assert "\n" not in message


@given(st.text())
def test_a_file_is_read_back_as_it_is_called(path: str) -> None:
    """Also with commas, colons and percent signs in it."""
    (line,) = annotation_lines(make_hostile_run("calm"), lambda _: path)
    assert read_back(line)[1]["file"] == path


def test_a_limit_without_a_place_is_said_all_the_same() -> None:
    """One that no document holds."""
    result = failing(1)
    bare = tuple(replace(judgement, requirement=None) for judgement in result.judgements)
    first, _ = annotation_lines(replace(result, judgements=bare), as_is)
    assert read_back(first)[1] == {"title": "perfengine: single_order_confirm mean"}
