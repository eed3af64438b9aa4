"""The text report: golden files for whole runs, and what must hold of any."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import pytest

from perfengine.report.text import render_text
from tests.builders import make_failure, make_operation, make_result, make_summary
from tests.results import (
    make_guide_run,
    make_interrupted_run,
    make_saturated_run,
    make_troubled_run,
    make_two_entities_run,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult
    from tests.conftest import Golden

RUNS = {
    "guide": make_guide_run,
    "troubled": make_troubled_run,
    "saturated": make_saturated_run,
    "interrupted": make_interrupted_run,
    "two_entities": make_two_entities_run,
}
every_run = pytest.mark.parametrize("make_run", RUNS.values(), ids=RUNS.keys())

#: The output that the performance guide promises, line by line.
GUIDE_OUTPUT = """\
Performance Test Results for order
===================================

Test: single_order_confirm
Iterations: 100
Mean: 0.0234s
Median: 0.0218s
Min: 0.0189s
Max: 0.0456s
StdDev: 0.0056s

Test: bulk_order_confirm
Iterations: 10
Mean: 0.4567s
Median: 0.4321s
Min: 0.3987s
Max: 0.5234s
StdDev: 0.0345s

Performance Requirements:
✅ single_order_confirm: 0.0234s < 0.0500s (target)
✅ bulk_order_confirm: 0.4567s < 1.0000s (target)
"""


def test_guide_output_is_there_line_by_line() -> None:
    """The lines of the guide appear verbatim and in its order; ours come between."""
    lines = iter(render_text(make_guide_run()).splitlines())
    missing = [promised for promised in GUIDE_OUTPUT.splitlines() if promised not in lines]
    assert missing == []


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, golden: Golden) -> None:
    """The report of a run is what was read and approved."""
    golden(f"report/{name}.txt", render_text(RUNS[name]()))


@pytest.mark.parametrize("name", ["troubled", "two_entities"])
def test_golden_ascii(name: str, golden: Golden) -> None:
    """The report for a stream without signs is what was read and approved."""
    golden(f"report/{name}.ascii.txt", render_text(RUNS[name](), unicode=False))


@every_run
def test_fits_the_terminal(make_run: Callable[[], RunResult]) -> None:
    """No line is wider than 80 columns, wide signs counted as two."""
    for line in render_text(make_run()).splitlines():
        assert sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) <= 80, line


@every_run
def test_ascii_is_ascii(make_run: Callable[[], RunResult]) -> None:
    """Without signs every character is ASCII, and the words stand for them."""
    text = render_text(make_run(), unicode=False)
    assert text.isascii()
    assert ("UNPROVEN " in text) == ("❔ " in render_text(make_run()))


@every_run
def test_verdict_comes_last(make_run: Callable[[], RunResult]) -> None:
    """The last line is the result."""
    assert render_text(make_run()).splitlines()[-1].startswith("RESULT: ")


def test_saturation_is_said_before_the_figures() -> None:
    """That the generator was the bottleneck stands before any figure it spoilt."""
    text = render_text(make_saturated_run())
    assert text.index("was the bottleneck") < text.index("Mean:")


def test_no_figures_without_an_ok_attempt() -> None:
    """An operation that never answered shows counts and causes, and no latency."""
    text = render_text(make_result([make_summary(failures={make_failure(): 7})]))
    assert "Errors: 7 of 7 (100%): error 7\n  7 x 40001 retryable: could not serialize access\n" in text
    assert "No figures: no attempt was ok\n" in text
    for label in ("Mean:", "P95:", "Throughput:", "0.0000s"):
        assert label not in text
    assert text.endswith("No ok attempt: single_order_confirm\nRESULT: RUN FAILED (nothing was asked)\n")


def test_an_entity_without_operations() -> None:
    """An entity of which nothing ran is not passed over."""
    text = render_text(make_result([], entities=("order",)))
    assert "Performance Test Results for order\n" + "=" * 35 + "\n\nNo operation was run.\n" in text


def test_an_operation_of_an_entity_that_is_not_listed() -> None:
    """Every operation that ran is shown."""
    stray = make_summary([1000], operation=make_operation("tidy_up", entity="own"))
    assert "Performance Test Results for own\n" in render_text(make_result([stray], entities=()))


def test_hostile_names() -> None:
    """A name cannot move the cursor, colour the terminal or add a line."""
    hostile = make_summary([1000], operation=make_operation("a\x1b[31m\nRESULT: PASS", entity="e\rx"))
    text = render_text(make_result([hostile], entities=("e\rx",)))
    assert "\x1b" not in text
    assert "\r" not in text
    assert "Test: a?[31m RESULT: PASS\n" in text


def test_only_the_first_failures_are_named() -> None:
    """The three most frequent causes are named, the rest are counted."""
    failures = {make_failure(message=f"cause {n}"): 10 - n for n in range(5)}
    text = render_text(make_result([make_summary([1000], failures=failures)]))
    assert "  8 x 40001 retryable: cause 2\n  13 x of 2 other kinds\n" in text
