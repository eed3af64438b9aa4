"""Limits judged alone: on one operation, or on a whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.judging.requirements import judge_requirement
from perfengine.model.outcome import Outcome
from perfengine.units import NS_PER_MS
from tests.builders import make_failure, make_requirement

if TYPE_CHECKING:
    from perfengine.model.requirement import Metric
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Judgement

REFUSED = make_failure(Outcome.REFUSED)
ERROR = make_failure(Outcome.ERROR)
TIMEOUT = make_failure(Outcome.TIMEOUT)
STARVED = make_failure(Outcome.STARVED)
MS = NS_PER_MS


def judge_one(metric: Metric, limit: float, summary: OperationSummary) -> Judgement:
    """Return the judgement of one limit on one operation."""
    requirement = make_requirement(metric, limit, subject=summary.operation.name)
    (judgement,) = judge_requirement(requirement, [summary], [summary.operation])
    return judgement


def judge_run(metric: Metric, limit: float, *summaries: OperationSummary) -> Judgement:
    """Return the judgement of a limit on the whole run."""
    requirement = make_requirement(metric, limit, subject=None)
    (judgement,) = judge_requirement(requirement, summaries, [summary.operation for summary in summaries])
    return judgement
