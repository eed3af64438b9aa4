"""The verdicts of a run: every limit with what was measured, and where the evidence stands in the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.report.html.formats import NOTHING, signed_percent, whole, with_unit
from perfengine.report.html.parts import Limit
from perfengine.report.html.read import count, entries, number, text

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from perfengine.report.html.read import Entry

_WORST_FIRST: Final = ("FAIL", "UNPROVEN", "PASS")
#: Metric to the chart of its operation that shows it; all that is not listed is a latency.
_CHARTS: Final = {
    "throughput": "rate",
    "error_rate": "errors",
    "availability": "errors",
    "error_budget": "errors",
}
_WORDS: Final = {"response_time_p95": "p95", "error_rate": "error rate", "error_budget": "error budget"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """A limit, judged."""

    verdict: str
    subject: str
    what: str  #: "p95 ≤ 50 ms"
    measured: str
    margin: str  #: how far from the limit, with its sign
    samples: str
    note: str  #: why it is unproven, or what to know although it holds
    evidence: str  #: id of a place in the page


def verdict_rows(document: Entry, keys: Mapping[str, str], places: Container[str]) -> tuple[VerdictRow, ...]:
    """Return all judgements, those that failed first.

    `keys` are the places of operations in the page, `places` those of charts and sections.
    """
    rows = [_row(item, keys, places) for item in entries(document.get("judgements"))]
    return tuple(sorted(rows, key=lambda row: _rank(row.verdict)))


def latency_limits(document: Entry, operation: str) -> tuple[Limit, ...]:
    """Return the limits on percentiles of an operation, to be drawn into its charts."""
    found = {
        (text(item.get("metric")), limit)
        for item in entries(document.get("judgements"))
        if item.get("operation") == operation
        and item.get("unit") == "s"
        and (limit := number(item.get("limit"))) is not None
        and limit > 0
    }
    return tuple(
        Limit(label=f"{metric_words(metric)} ≤ {with_unit(limit, 's')}", value=limit)
        for metric, limit in sorted(found)
    )


def metric_words(metric: str) -> str:
    """Return a metric as people write it."""
    return _WORDS.get(metric, metric.replace("_", " "))


def verdict_of(document: Entry, operation: str) -> str:
    """Return the worst verdict of an operation, empty without a limit."""
    verdicts = {
        item.get("verdict")
        for item in entries(document.get("judgements"))
        if item.get("operation") == operation
    }
    return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), "")


def _rank(verdict: str) -> int:
    return _WORST_FIRST.index(verdict) if verdict in _WORST_FIRST else len(_WORST_FIRST)


def _row(item: Entry, keys: Mapping[str, str], places: Container[str]) -> VerdictRow:
    unit, limit, observed = text(item.get("unit")), number(item.get("limit")), number(item.get("observed"))
    sign = "≥" if item.get("floor") or item.get("metric") == "availability" else "≤"
    margin = observed / limit - 1 if observed is not None and limit else None
    operation = text(item.get("operation"))
    return VerdictRow(
        verdict=text(item.get("verdict")),
        subject=operation or text(item.get("subject")),
        what=f"{metric_words(text(item.get('metric')))} {sign} {with_unit(limit, unit)}",
        measured="no answer" if item.get("unbounded") else with_unit(observed, unit),
        margin=signed_percent(margin) if margin is not None else NOTHING,
        samples=whole(count(item.get("samples"))),
        note=_note(item),
        evidence=_evidence(item, keys, places),
    )


def _note(item: Entry) -> str:
    parts = (text(item.get(key)) for key in ("reason", "detail", "caution"))
    return "; ".join(dict.fromkeys(part for part in parts if part))


def _evidence(item: Entry, keys: Mapping[str, str], places: Container[str]) -> str:
    operation, metric = text(item.get("operation")), text(item.get("metric"))
    is_of_run = text(item.get("subject")) == "run"
    key = keys.get(operation)
    if key is None:
        return "server" if is_of_run and "server" in places else "operations"
    names = (_CHARTS[metric], "rate") if metric in _CHARTS else ("latency", "spectrum")
    return next((place for name in names if (place := f"{key}-{name}") in places), key)
