"""What a result means to a test, and the words that a failed test shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.model.requirement import Metric
from perfengine.testing.findings import (
    does_not_hold,
    finding_lines,
    is_unknown,
    unproven_lines,
    verdict_line,
)
from tests.builders import make_requirement, make_result, make_summary
from tests.results import (
    MS,
    make_guide_run,
    make_interrupted_run,
    make_judged,
    make_saturated_run,
    make_troubled_run,
    make_two_entities_run,
)
from tests.unit.report.test_comparison import (
    ANOTHER,
    MISSING,
    OPEN,
    PLAIN,
    SAME,
    SLOWER,
    make_comparison,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.compared import ComparisonResult
    from perfengine.model.result import RunResult


def make_partly_proven_run() -> RunResult:
    """Return a run in which one limit holds and another is unproven."""
    limits = [make_requirement(Metric.MEAN, 2 * MS), make_requirement(Metric.P99, 2 * MS)]
    return make_judged([make_summary([MS] * 10)], limits)


def make_violated_run() -> RunResult:
    """Return a run in which one limit holds, one is violated and one is unproven."""
    limits = [
        make_requirement(Metric.MIN, 2 * MS),
        make_requirement(Metric.MEAN, MS // 2),
        make_requirement(Metric.P99, 2 * MS),
    ]
    return make_judged([make_summary([MS] * 10)], limits)


@pytest.mark.parametrize(
    ("make_run", "fails", "fails_strictly", "unknown"),
    [
        (make_guide_run, False, False, False),
        (make_two_entities_run, False, False, False),  # nothing was asked
        (make_partly_proven_run, False, True, False),
        (make_saturated_run, False, True, True),
        (make_violated_run, True, True, False),
        (make_troubled_run, True, True, False),  # an operation had no ok attempt
        (make_interrupted_run, True, True, False),
        (make_result, True, True, False),  # nothing ran
    ],
)
def test_what_a_result_means(
    make_run: Callable[[], RunResult], fails: bool, fails_strictly: bool, unknown: bool
) -> None:
    """Unproven limits fail a test with `strict` only; a run without a verdict is known to be one."""
    result = make_run()
    assert does_not_hold(result, strict=False) is fails
    assert does_not_hold(result, strict=True) is fails_strictly
    assert is_unknown(result) is unknown


def test_each_violated_limit_is_listed() -> None:
    """Observed, limit, samples and where it was asked; then what is unproven. What holds is not."""
    assert finding_lines(make_violated_run()) == [
        "FAIL (3 limits: 1 held, 1 violated, 1 unproven)",
        "❌ single_order_confirm: 0.0010s > 0.0005s (target)",
        "   10 samples, asked at order.yaml:12:9",
        "❔ single_order_confirm p99: too few samples: needs 299 samples, has 10, 0.0010s < 0.0020s (max)",
        "   10 samples, asked at order.yaml:12:9",
    ]


def test_a_limit_that_strict_wants_proven() -> None:
    """The first line does not say that all is well."""
    assert finding_lines(make_partly_proven_run(), strict=True)[0] == (
        "not proven, as strict asks (2 limits: 1 held, 1 unproven)"
    )


def test_a_run_that_failed_says_why() -> None:
    """With the causes of an operation that had no ok attempt."""
    lines = finding_lines(make_troubled_run())
    assert lines[0] == "RUN FAILED (16 limits: 4 held, 4 violated, 8 unproven)"
    assert "Test: order_create" in lines
    assert '  100 x 42P01 schema: relation "order" does not exist' in lines
    assert "Incomplete: interrupted by Ctrl-C" in finding_lines(make_interrupted_run())


@pytest.mark.parametrize(
    ("comparison", "fails", "fails_strictly", "unknown", "said"),
    [
        (make_comparison(SAME), False, False, False, []),
        (make_comparison(SLOWER, SAME), True, True, False, ["order_create: CHANGE for the worse"]),
        (make_comparison(SAME, MISSING), True, True, False, ["order_delete: MISSING"]),
        (make_comparison(SAME, OPEN), False, True, False, ["bulk_order_update: INCONCLUSIVE"]),
        (
            make_comparison(ANOTHER),
            False,
            True,
            True,
            ["complex_order_search: NOT COMPARABLE", "load.users differs"],
        ),
    ],
    ids=["the same", "slower", "missing", "open", "not comparable"],
)
def test_what_a_comparison_means(
    comparison: ComparisonResult, fails: bool, fails_strictly: bool, unknown: bool, said: list[str]
) -> None:
    """A change for the worse fails a test, with its figures; what is open does with `strict`, else may skip it."""
    result = replace(make_guide_run(), judgements=(), comparison=comparison)
    assert does_not_hold(result, strict=False) is fails
    assert does_not_hold(result, strict=True) is fails_strictly
    assert is_unknown(result) is unknown
    text = "\n".join(finding_lines(result))
    assert "nothing was asked" not in text, "a comparison was, and the first line of a failed test denied it"
    assert [words for words in said if words not in text] == []
    assert "order_status_query" not in text, "what is the same spoils nothing"


def test_strict_says_which_operation_is_open() -> None:
    """Within the tolerance of a baseline of figures, a test failed, and all it said was that nothing changed."""
    within = replace(PLAIN, metrics=(replace(PLAIN.metrics[0], fails=False, is_unconfirmed=False),))
    result = replace(make_guide_run(), judgements=(), comparison=make_comparison(within))
    assert does_not_hold(result, strict=True)
    lines = finding_lines(result, strict=True)
    assert lines[0] == "not proven, as strict asks (baseline: 0 worse)"
    assert "order_ship: within the tolerance, unconfirmed" in lines


def test_words_for_a_test_that_passed() -> None:
    """The verdict, and what nobody can tell about."""
    assert verdict_line(make_guide_run()) == "PASS (2 limits: 2 held)"
    assert unproven_lines(make_guide_run()) == []
    assert len(unproven_lines(make_partly_proven_run())) == 2
