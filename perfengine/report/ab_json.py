"""A paired comparison as JSON: every row with its bounds, and every pair behind it. Pure ASCII, no NaN."""

from __future__ import annotations

import json
from datetime import UTC
from math import expm1
from typing import TYPE_CHECKING, Any, Final

from perfengine.model.comparison import Answer
from perfengine.report.ab_words import sentences
from perfengine.report.load_json import load_entry
from perfengine.report.measures import finite_or_none, scaled, unit_of
from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from datetime import datetime

    from perfengine.model.ab import AbPair, AbResult, AbUnit
    from perfengine.model.comparison import Effect, MetricComparison, OperationComparison, OperationSample
    from perfengine.model.requirement import Metric

#: Of the document's shape: the first number changes when a reader could misread it.
VERSION: Final = "1.0"
_QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def render_ab_json(result: AbResult) -> bytes:
    """Return the comparison as a JSON document, ending in a newline."""
    return (json.dumps(ab_document(result), allow_nan=False, indent=2) + "\n").encode("ascii")


def ab_document(result: AbResult) -> dict[str, Any]:
    """Return it as a document of plain values: seconds, fractions and rates a second."""
    rule = result.rule
    return {
        "ab_version": VERSION,
        "started_at": _utc(result.started_at),
        "finished_at": _utc(result.finished_at),
        "summary": list(sentences(result)),
        "verdict": verdict_of(result),
        "incomplete": result.incomplete,
        "seed": result.seed,
        "rule": {
            "confidence": rule.confidence,
            "practical": expm1(rule.practical),
            "practical_share": rule.practical_share,
            "pairs_least": rule.pairs_least,
            "pairs_most": rule.pairs_most,
        },
        "arms": {
            arm.letter: {
                "label": arm.label,
                "server": arm.server,
                "server_version": arm.version,
                "run_id": arm.run_id,
            }
            for arm in result.arms
        },
        "operations": {operation.name: _operation(operation) for operation in result.operations},
        "units": {unit.name: _unit(unit) for unit in result.units},
        "notes": list(result.notes),
    }


def verdict_of(result: AbResult) -> str:
    """Return the answer in a word: of what decides, the one that decides it."""
    if result.fails:
        return "regression"
    if result.is_open or result.incomplete:
        return "inconclusive"
    return "improvement" if any(row.answer is Answer.CHANGE for row in result.gating) else "same"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _operation(operation: OperationComparison) -> dict[str, Any]:
    return {
        "presence": operation.presence.value,
        "differences": [
            {"field": one.name, "a": one.before, "b": one.after} for one in operation.differences
        ],
        "metrics": {row.metric.value: _row(row) for row in operation.metrics},
    }


def _row(row: MetricComparison) -> dict[str, Any]:
    paired = row.paired
    return {
        "verdict": row.answer.value,
        "direction": row.direction.value if row.direction else None,
        "small": row.is_small,
        "gating": row.is_gating,
        "a": _value(row.before, row.metric),
        "b": _value(row.after, row.metric),
        **_effect(row.effect),
        "pairs": row.evidence[0],
        "p_value": row.p_value,
        "smallest_change_shown": finite_or_none(row.smallest),
        "pairs_needed": row.needed,
        "reason": row.reason or None,
        "notes": list(row.notes),
        "differences": list(paired.differences) if paired else [],
        "trimmed": _effect(paired.trimmed) if paired else None,
        "randomisation_p": paired.randomisation_p if paired else None,
        "confirmed": paired.confirmed if paired else None,
    }


def _effect(effect: Effect | None) -> dict[str, Any]:
    return {
        "change": finite_or_none(effect.change) if effect else None,
        "change_lower": finite_or_none(effect.change_lower) if effect else None,
        "change_upper": finite_or_none(effect.change_upper) if effect else None,
    }


def _value(value: float | None, metric: Metric) -> float | None:
    return None if value is None else scaled(value, unit_of(metric))


def _unit(unit: AbUnit) -> dict[str, Any]:
    return {
        "load": load_entry(unit.load),
        "slice": unit.slice_ns / NS_PER_S,
        "lead": unit.lead_ns / NS_PER_S,
        "slices_an_arm": unit.slices,
        "took": unit.took_s,
        "generator_share": unit.generator_share,
        "pairs": [_pair(pair) for pair in unit.pairs],
    }


def _pair(pair: AbPair) -> dict[str, Any]:
    return {
        "order": pair.order,
        "fresh": pair.is_fresh,
        "a": {sample.name: _sample(sample) for sample in pair.before},
        "b": {sample.name: _sample(sample) for sample in pair.after},
    }


def _sample(sample: OperationSample) -> dict[str, Any]:
    quantiles = {
        name: percentile(sample.response, sample.ok, share) / NS_PER_S if sample.ok else None
        for name, share in _QUANTILES.items()
    }
    return {
        "ok": sample.ok,
        "bad": sample.bad,
        "measured": sample.measured_ns / NS_PER_S,
        "mean": sample.mean_ns / NS_PER_S if sample.mean_ns is not None else None,
        **quantiles,
    }
