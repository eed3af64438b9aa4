"""The comparison of a stored run with the baseline that it was given."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from perfengine.model.canary import CanaryShift
from perfengine.model.compared import ComparisonResult
from perfengine.model.comparison import (
    Answer,
    Direction,
    Effect,
    MetricComparison,
    OperationComparison,
    Presence,
)
from perfengine.model.fingerprint import FieldClass, FieldDifference, Subject
from perfengine.model.requirement import Metric
from perfengine.stored.whole.numbers import exact_ns, exact_shift

if TYPE_CHECKING:
    from perfengine.stored.entry import Entry


def comparison_of(entry: Entry | None) -> ComparisonResult | None:
    """Return the comparison, None where there was none."""
    if entry is None:
        return None
    operations = dict(entry.named("operations"))
    missing = [one for one in operations.values() if one.word("presence", Presence) is Presence.MISSING]
    canary = entry.entry_or_none("canary")
    return ComparisonResult(
        before=entry.texts("before"),
        after=entry.texts("after"),
        operations=tuple(_operation(name, one) for name, one in operations.items()),
        subjects=entry.words("subjects", Subject),
        allow_missing=any(not one.flag("fails") for one in missing),
        notes=entry.texts("notes"),
        canary=_canary(canary) if canary else None,
    )


def _operation(name: str, entry: Entry) -> OperationComparison:
    return OperationComparison(
        name=name,
        presence=entry.word("presence", Presence),
        differences=tuple(
            FieldDifference(
                name=item.text("field"),
                before=item.values.get("before"),
                after=item.values.get("after"),
                field_class=item.word("class", FieldClass),
            )
            for item in entry.entries("differences")
        ),
        forced=entry.flag("forced"),
        metrics=tuple(_metric(word, entry.entry("metrics"), row) for word, row in entry.named("metrics")),
    )


def _metric(word: str, metrics: Entry, entry: Entry) -> MetricComparison:
    if word not in set(Metric):
        raise metrics.wrong(word, "is no metric", tuple(Metric))
    metric, in_seconds = Metric(word), entry.text("unit") == "s"
    before, after = (entry.number_or_none(key) for key in ("before", "after"))
    first, second = (int(value) for value in (*entry.numbers("samples"), 0, 0)[:2])
    return MetricComparison(
        metric=metric,
        answer=entry.word("verdict", Answer),
        before=exact_ns(before) if before is not None and in_seconds else before,
        after=exact_ns(after) if after is not None and in_seconds else after,
        effect=_effect(entry, is_ratio=metric is not Metric.ERROR_RATE),
        direction=entry.word_or_none("direction", Direction),
        is_small=entry.flag("small"),
        is_gating=entry.flag("decides"),
        is_unconfirmed=entry.flag("unconfirmed"),
        fails=entry.flag("fails"),
        evidence=(first, second),
        p_value=entry.number_or_none("p_value"),
        smallest=entry.number_or_none("smallest"),
        needed=entry.count_or_none("needed"),
        reason=entry.text("reason"),
        notes=entry.texts("notes"),
    )


def _effect(entry: Entry, *, is_ratio: bool) -> Effect | None:
    """Return the change with its bounds; what is not finite is written as null."""
    change, lower, upper = (entry.number_or_none(key) for key in ("change", "lower", "upper"))
    if change is None and lower is None and upper is None:
        return None

    def shift(value: float | None, beyond: float) -> float:
        if value is None:
            return beyond
        return exact_shift(value) if is_ratio else value

    return Effect(
        shift=shift(change, inf), lower=shift(lower, -inf), upper=shift(upper, inf), is_ratio=is_ratio
    )


def _canary(entry: Entry) -> CanaryShift:
    upper = entry.number_or_none("upper")
    effect = Effect(
        shift=exact_shift(entry.number("change")),
        lower=exact_shift(entry.number("lower")),
        upper=inf if upper is None else exact_shift(upper),
    )
    return CanaryShift(effect=effect, allowed=exact_shift(entry.number("allowed")))
