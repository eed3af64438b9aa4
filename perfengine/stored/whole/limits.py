"""What was asked of a stored run and what became of it: judgements, budgets, health."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from perfengine.model.budget import Budget
from perfengine.model.mistake import Position
from perfengine.model.requirement import Metric, Requirement, ServiceLevel
from perfengine.model.verdict import Health, Judgement, Reason, Verdict
from perfengine.stored.whole.numbers import exact_ns

if TYPE_CHECKING:
    from perfengine.stored.entry import Entry

_SERVICE_LEVELS: Final = "service_level_agreements"
_RUN: Final = "run"
_METRICS: Final = {str(metric): metric for metric in Metric}


def judgement_of(entry: Entry) -> Judgement:
    """Return a limit with what became of it."""
    metric: Metric | str = _METRICS.get(entry.text("metric"), entry.text("metric"))
    limit, observed = _value(entry, "limit"), _value(entry, "observed")
    is_promise = entry.text("source") == _SERVICE_LEVELS
    return Judgement(
        operation=entry.text_or_none("operation"),
        subject=entry.text("subject"),
        metric=metric,
        verdict=entry.word("verdict", Verdict),
        limit=0 if limit is None else limit,
        observed=inf if entry.flag("unbounded") else observed,
        samples=entry.count("samples"),
        floor=entry.flag("floor"),
        reason=entry.word_or_none("reason", Reason),
        detail=entry.text("detail"),
        caution=entry.text("caution"),
        lower=entry.number_or_none("lower"),
        upper=entry.number_or_none("upper"),
        requirement=None if is_promise else _requirement(entry, metric, limit),
        service_level=_service_level(entry) if is_promise else None,
    )


def budget_of(entry: Entry) -> Budget:
    """Return the budget of a promise."""
    minute = entry.entry("worst_minute")
    second, burn = minute.count_or_none("second"), minute.number_or_none("burn_rate")
    limit = _value(entry, "limit")
    return Budget(
        operation=entry.text("operation"),
        promise=entry.text("promise"),
        tier=entry.text("tier"),
        limit=0.0 if limit is None else limit,
        share=entry.number("share"),
        total=entry.count("total"),
        bad=entry.count("spent"),
        design_effect=entry.number("design_effect"),
        lasts_s=entry.number("lasts"),
        needed_s=entry.count_or_none("needed_time"),
        worst_minute_s=second,
        # a rate that is not finite is written as null
        worst_burn=inf if second is not None and burn is None else burn,
        spent_s=entry.count_or_none("first_breach"),
        share_of_bad=entry.number_or_none("share_of_bad"),
        needed=entry.count_or_none("needed"),
    )


def health_of(entry: Entry) -> Health:
    """Return the health of an operation."""
    return Health(
        operation=entry.text("operation"),
        score=entry.number_or_none("score"),
        notices=tuple((notice.text("kind"), notice.text("text")) for notice in entry.entries("notices")),
        without_target=entry.flag("without_target"),
    )


def _value(entry: Entry, key: str) -> float | None:
    """Return a value in the unit of perfengine: seconds become nanoseconds."""
    value = entry.number_or_none(key)
    return exact_ns(value) if value is not None and entry.text("unit") == "s" else value


def _requirement(entry: Entry, metric: Metric | str, limit: float | None) -> Requirement:
    if not isinstance(metric, Metric):
        raise entry.wrong("metric", f'"{metric}" is no metric of a requirement', tuple(_METRICS))
    of_run = entry.values.get("operation") is None and entry.text("subject") == _RUN
    return Requirement(
        subject=None if of_run else entry.text("subject"),
        metric=metric,
        limit=0 if limit is None else limit,
        source=entry.text("source"),
        position=_position(entry),
        group=entry.text_or_none("group"),
    )


def _service_level(entry: Entry) -> ServiceLevel:
    return ServiceLevel(
        operation=entry.text("subject"), tier=entry.text_or_none("group") or "", position=_position(entry)
    )


def _position(entry: Entry) -> Position:
    path, _, rest = (entry.text_or_none("position") or "").rpartition(":")
    path, _, line = path.rpartition(":")
    if line.isdecimal() and rest.isdecimal():
        return Position(path=path, line=int(line), column=int(rest))
    raise entry.wrong("position", "is no place: file:line:column is one")
