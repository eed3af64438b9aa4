"""What the process answers, and which answer wins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import ExitCode
from perfengine.judging.exit_code import exit_code
from perfengine.judging.judge import judge
from perfengine.model.requirement import Metric
from perfengine.model.result import Ending, Standing
from perfengine.model.verdict import Judgement, Reason, Verdict
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_failure, make_operation, make_requirement, make_result, make_summary

if TYPE_CHECKING:
    from perfengine.model.summary import OperationSummary

ANSWERED = make_summary([NS_PER_MS] * 10)
UNANSWERED = make_summary(failures={make_failure(): 10}, operation=make_operation("order_create"))


def judged(limit_ns: int, metric: Metric = Metric.MEAN) -> Judgement:
    """Return a requirement on the answered operation, judged."""
    (judgement,) = judge([make_requirement(metric, limit_ns)], [], [ANSWERED], [ANSWERED.operation])
    return judgement


HELD = judged(NS_PER_S)
VIOLATED = judged(1)
OPEN = judged(NS_PER_S, Metric.P95)
SPOILT = replace(OPEN, reason=Reason.GENERATOR_SATURATED)


def test_building_blocks() -> None:
    """The judgements of this file are what their names say."""
    verdicts = [judgement.verdict for judgement in (HELD, VIOLATED, OPEN, SPOILT)]
    assert verdicts == [Verdict.PASS, Verdict.FAIL, Verdict.UNPROVEN, Verdict.UNPROVEN]


@pytest.mark.parametrize(
    ("judgements", "code", "strict_code"),
    [
        ([], ExitCode.OK, ExitCode.OK),
        ([HELD], ExitCode.OK, ExitCode.OK),
        ([HELD, OPEN], ExitCode.OK, ExitCode.UNPROVEN),
        ([OPEN], ExitCode.UNPROVEN, ExitCode.UNPROVEN),  # none could be judged
        ([HELD, SPOILT], ExitCode.UNPROVEN, ExitCode.UNPROVEN),
        ([HELD, VIOLATED], ExitCode.FAILED, ExitCode.FAILED),
        ([VIOLATED, OPEN], ExitCode.FAILED, ExitCode.FAILED),
        ([VIOLATED, SPOILT], ExitCode.FAILED, ExitCode.FAILED),
    ],
)
def test_complete_run(judgements: list[Judgement], code: ExitCode, strict_code: ExitCode) -> None:
    """A violated limit wins over an open one, an open one over success where nothing else was judged."""
    result = make_result([ANSWERED], judgements=judgements)
    assert exit_code(result) is code
    assert exit_code(result, strict=True) is strict_code


@pytest.mark.parametrize("judgements", [[], [HELD], [VIOLATED], [OPEN]])
def test_an_operation_without_an_ok_attempt(judgements: list[Judgement]) -> None:
    """It fails the run, whatever became of the limits."""
    assert exit_code(make_result([ANSWERED, UNANSWERED], judgements=judgements)) is ExitCode.RUN


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (Ending.INTERRUPTED, ExitCode.SIGINT),
        (Ending.TERMINATED, ExitCode.SIGTERM),
        (Ending.FAILED, ExitCode.RUN),
    ],
)
@pytest.mark.parametrize("operations", [[ANSWERED], [UNANSWERED], []])
@pytest.mark.parametrize("judgements", [[], [HELD], [VIOLATED], [SPOILT]])
def test_a_run_that_ended_early(
    ended: Ending, code: ExitCode, operations: list[OperationSummary], judgements: list[Judgement]
) -> None:
    """A signal wins over everything, a failed run over every verdict."""
    result = make_result(operations, judgements=judgements, ended=ended)
    assert exit_code(result) is exit_code(result, strict=True) is code


def test_a_run_of_nothing() -> None:
    """A run without any operation is no success."""
    assert exit_code(make_result([])) is ExitCode.RUN


@pytest.mark.parametrize("standing", list(Standing))
def test_every_standing_can_be_reached(standing: Standing) -> None:
    """Each standing has a run that comes to it."""
    runs = {
        Standing.INTERRUPTED: make_result(ended=Ending.INTERRUPTED),
        Standing.TERMINATED: make_result(ended=Ending.TERMINATED),
        Standing.RUN_FAILED: make_result([UNANSWERED]),
        Standing.FAIL: make_result([ANSWERED], judgements=[VIOLATED]),
        Standing.UNPROVEN: make_result([ANSWERED], judgements=[OPEN]),
        Standing.PASS: make_result([ANSWERED], judgements=[HELD]),
        Standing.NO_LIMIT: make_result([ANSWERED]),
    }
    assert runs[standing].standing is standing
