"""The lines of limits in the text report: what was asked, what was seen, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.requirement import Metric
from perfengine.model.verdict import Verdict
from perfengine.report.measures import FRACTION, comparison_text, unit_of, value_text
from perfengine.report.signs import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.verdict import Judgement
    from perfengine.report.signs import Signs


def limit_lines(judgement: Judgement, signs: Signs) -> list[str]:
    """Return the lines of one judged limit; what is unproven says why before it says what was seen."""
    if judgement.verdict is Verdict.UNPROVEN:
        why = ": ".join(filter(None, (judgement.reason, plain(judgement.detail))))
        lines = folded(f"{signs.unproven}{name_text(judgement)}: {why}")
        return lines + folded(f"   {seen_text(judgement, signs)}")
    sign = signs.held if judgement.verdict is Verdict.PASS else signs.violated
    clauses = [f"{sign}{name_text(judgement)}: {seen_text(judgement, signs)}"]
    if judgement.verdict is Verdict.FAIL and judgement.detail:
        clauses.append(plain(judgement.detail))
    if judgement.caution:
        clauses.append(f"caution: {judgement.caution}")
    return folded(", ".join(clauses))


def name_text(judgement: Judgement) -> str:
    """Return the operation and the metric; a mean goes without saying, the run without a name."""
    speaks_of_run = judgement.requirement is not None and judgement.requirement.subject is None
    metric = "" if judgement.metric is Metric.MEAN else str(judgement.metric)
    owner = "" if speaks_of_run else plain(judgement.operation or judgement.subject)
    return " ".join(filter(None, (owner, metric)))


def seen_text(judgement: Judgement, signs: Signs) -> str:
    """Return what was seen beside the limit, and what the limit is to it."""
    unit = unit_of(judgement.metric)
    if judgement.observed is None:
        return f"limit {value_text(judgement.limit, unit)} ({_role(judgement)})"
    comparison = comparison_text(judgement.observed, judgement.limit, unit, signs.beyond)
    return ", ".join([f"{comparison} ({_role(judgement)})", *_bound(judgement)])


def _role(judgement: Judgement) -> str:
    """Return what the limit is to the value, and by which other name it was asked."""
    role = "target" if judgement.metric is Metric.MEAN else "min" if judgement.floor else "max"
    named_otherwise = judgement.operation not in {None, judgement.subject}
    return f"{role} for {plain(judgement.subject)}" if named_otherwise else role


def _bound(judgement: Judgement) -> Iterator[str]:
    """Yield the bound that decided: what the share is at least or at most, at 95 % confidence."""
    if judgement.lower is None or judgement.upper is None:
        return
    failed = judgement.verdict is Verdict.FAIL
    bound = judgement.lower if failed else judgement.upper
    most = "at least" if failed != judgement.floor else "at most"
    share = value_text(1 - bound if judgement.floor else bound, FRACTION)
    yield f"{most} {share} slower" if judgement.metric == "response_time_p95" else f"{most} {share}"
