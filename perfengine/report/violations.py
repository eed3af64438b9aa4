"""Violated limits as plain records, for whoever sends alerts: operation, violation, actual, limit."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Final

from perfengine.model.requirement import METRIC_OF_WORD, Metric
from perfengine.model.verdict import Verdict
from perfengine.report.measures import scaled, unit_of

if TYPE_CHECKING:
    from perfengine.model.result import RunResult
    from perfengine.model.verdict import Judgement

_RESPONSE_TIMES: Final = frozenset(METRIC_OF_WORD.values()) - {Metric.ERROR_RATE}
#: Promises of a service level that are called otherwise here.
_KINDS: Final = {"response_time_p95": "p95_response_time", "error_budget": "error_rate"}


def violations_of(result: RunResult) -> list[dict[str, object]]:
    """Return a record for every violated limit, in the order of the judgements.

    Times are seconds and ratios fractions. `actual` is None where a percentile falls among attempts without a good
    answer.
    """
    return [_record(judgement) for judgement in result.judgements if judgement.verdict is Verdict.FAIL]


def _record(judgement: Judgement) -> dict[str, object]:
    unit, observed = unit_of(judgement.metric), judgement.observed
    return {
        "operation": judgement.operation or judgement.subject,
        "violation": _kind(judgement.metric),
        "actual": None if observed is None or isinf(observed) else scaled(observed, unit),
        "limit": scaled(judgement.limit, unit),
    }


def _kind(metric: str) -> str:
    """Return what is violated: `p95_response_time`, `error_rate`; other metrics under their own name."""
    return f"{metric}_response_time" if metric in _RESPONSE_TIMES else _KINDS.get(metric, str(metric))
