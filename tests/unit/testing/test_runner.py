"""The fixture's assertions, on results that are there already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.model.requirement import Metric
from perfengine.testing.runner import Perfengine
from tests.builders import make_requirement, make_summary
from tests.results import MS, make_guide_run, make_judged, make_saturated_run, make_troubled_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def runner(tmp_path: Path) -> Perfengine:
    """Return what the fixture returns."""
    return Perfengine(root=tmp_path, dsn=None, embedded=False, tell=lambda _: None)


def test_a_result_that_holds(runner: Perfengine) -> None:
    """Passes."""
    runner.assert_holds(make_guide_run(), strict=True)


def test_a_violated_limit_fails_the_test(runner: Perfengine) -> None:
    """As an assertion, with all that is violated."""
    with pytest.raises(AssertionError) as caught:
        runner.assert_holds(make_troubled_run())
    text = str(caught.value)
    assert text.startswith("RUN FAILED (16 limits")
    assert text.count("❌") == 4


def test_an_unproven_limit_fails_with_strict_only(runner: Perfengine) -> None:
    """Beside one that holds."""
    limits = [make_requirement(Metric.MEAN, 2 * MS), make_requirement(Metric.P99, 2 * MS)]
    result = make_judged([make_summary([MS] * 10)], limits)
    runner.assert_holds(result)
    with pytest.raises(AssertionError, match="needs 299 samples, has 10"):
        runner.assert_holds(result, strict=True)


def test_a_result_that_proves_nothing_is_not_green(runner: Perfengine) -> None:
    """The test is skipped, with the reason; with `strict` it fails."""
    result = make_saturated_run()
    with pytest.raises(pytest.skip.Exception, match="generator saturated"):
        runner.assert_holds(result)
    with pytest.raises(AssertionError, match="generator saturated"):
        runner.assert_holds(result, strict=True)


def test_a_run_without_limits_holds(runner: Perfengine) -> None:
    """Nothing was asked, and every operation answered."""
    runner.assert_holds(replace(make_guide_run(), judgements=()), strict=True)
