"""Runs of the history and their trends as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.kept_run import KeptRun, ListedRun
    from perfengine.model.trend import ChangePoint, TrendPoint, TrendSeries

#: Of these shapes: the first number changes when a reader could misread them.
VERSION: Final = "1.0"


def render_history_json(listed: Sequence[ListedRun]) -> str:
    """Return the runs as a JSON document, the oldest first."""
    return _text({"version": VERSION, "runs": [_run(each.run, each.is_comparable) for each in listed]})


def render_trends_json(series: Sequence[TrendSeries]) -> str:
    """Return trends as a JSON document; values are in the unit of their series."""
    return _text({"version": VERSION, "series": [_series(each) for each in series]})


def _run(run: KeptRun, comparable: bool) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "directory": run.directory,
        "scenario": run.scenario,
        "started": run.started_at,
        "standing": run.standing,
        "ended": run.ended,
        "load": run.load,
        "throughput": run.rate_per_s,
        "worst_p95": run.p95_s,
        "commit": run.commit or None,
        "comparable": comparable,
        "operations": {operation.name: dict(operation.figures) for operation in run.operations},
    }


def _series(series: TrendSeries) -> dict[str, object]:
    return {
        "label": series.label,
        "operation": series.operation,
        "metric": series.metric,
        "unit": series.unit,
        "correlation": series.correlation,
        "points": [_point(point) for point in series.points],
        "change_points": [_change(change) for change in series.change_points],
        "drifts": [_change(change) for change in series.drifts],
    }


def _point(point: TrendPoint) -> dict[str, object]:
    return {
        "run_id": point.run_id,
        "started": point.started_at,
        "value": point.value,
        "standing": point.verdict,
        "comparable": point.is_comparable,
        "commit": point.note or None,
    }


def _change(change: ChangePoint) -> dict[str, object]:
    return {
        "index": change.index,
        "before": change.before,
        "after": change.after,
        "change": change.change,
        "p_value": change.p_value,
    }


def _text(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2, allow_nan=False) + "\n"
