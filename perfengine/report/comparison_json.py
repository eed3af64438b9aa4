"""A comparison as JSON. Values in the units of results, changes as fractions; no figure is NaN or infinite."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Final

from perfengine.report.canary_json import canary_shift_entry
from perfengine.report.measures import finite_or_none, scaled, unit_of

if TYPE_CHECKING:
    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import Effect, MetricComparison, OperationComparison
    from perfengine.model.fingerprint import FieldDifference

#: Of the document's shape: the first number changes when a reader could misread it.
VERSION: Final = "1.0"


def render_comparison_json(comparison: ComparisonResult) -> bytes:
    """Return the comparison as a JSON document, ending in a newline."""
    document = {"version": VERSION, **comparison_entry(comparison)}
    return (json.dumps(document, allow_nan=False, indent=2) + "\n").encode("ascii")


def comparison_entry(comparison: ComparisonResult) -> dict[str, object]:
    """Return the comparison as plain values."""
    return {
        "before": list(comparison.before),
        "after": list(comparison.after),
        "fails": comparison.fails,
        "judged": comparison.is_judged,
        "open": comparison.is_open,
        "subjects": [str(subject) for subject in comparison.subjects],
        "operations": {
            operation.name: _operation(operation, fails=comparison.fails_for(operation))
            for operation in comparison.operations
        },
        "canary": canary_shift_entry(comparison.canary) if comparison.canary else None,
        "notes": list(comparison.notes),
    }


def _operation(operation: OperationComparison, *, fails: bool) -> dict[str, object]:
    return {
        "presence": operation.presence,
        "fails": fails,
        "forced": operation.forced,
        "differences": [_difference(difference) for difference in operation.differences],
        "metrics": {str(row.metric): _metric(row) for row in operation.metrics},
    }


def _difference(difference: FieldDifference) -> dict[str, object]:
    return {
        "field": difference.name,
        "class": difference.field_class,
        "before": difference.before,
        "after": difference.after,
    }


def _metric(row: MetricComparison) -> dict[str, object]:
    unit = unit_of(row.metric)
    values = [None if value is None else scaled(value, unit) for value in (row.before, row.after)]
    return {
        "verdict": row.answer,
        "direction": row.direction,
        "decides": row.is_gating,
        "fails": row.fails,
        "small": row.is_small,
        "unconfirmed": row.is_unconfirmed,
        "before": values[0],
        "after": values[1],
        "unit": unit.name,
        **_effect(row.effect),
        "samples": list(row.evidence),
        "p_value": row.p_value,
        "smallest": finite_or_none(row.smallest),
        "needed": row.needed,
        "reason": row.reason,
        "notes": list(row.notes),
    }


def _effect(effect: Effect | None) -> dict[str, float | None]:
    if effect is None:
        return dict.fromkeys(("change", "lower", "upper"))
    return {
        "change": finite_or_none(effect.change),
        "lower": finite_or_none(effect.change_lower) if isfinite(effect.lower) else None,
        "upper": finite_or_none(effect.change_upper),
    }
