"""What a run looked like over time, and what it watched, as JSON: a column a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.measures import finite_or_none

if TYPE_CHECKING:
    from perfengine.model.series import Ceiling, Series, Watched


def series_entry(series: Series) -> dict[str, object]:
    """Return a series: its times, and a column of the same length for each metric; the unit is in the name."""
    return {
        "about": series.about,
        "subject": series.subject,
        "phase": series.phase,
        "times": list(series.times_s),
        "columns": {
            name: [finite_or_none(value) for value in values] for name, values in series.columns.items()
        },
    }


def watched_entry(item: Watched) -> dict[str, object]:
    """Return a watched metric; without figures there is a reason."""
    return {
        "metric": item.metric,
        "unit": item.unit,
        "source": item.source,
        "mean": finite_or_none(item.mean),
        "max": finite_or_none(item.maximum),
        "samples": item.samples,
        "reason": item.reason,
    }


def ceiling_entry(ceiling: Ceiling) -> dict[str, object]:
    """Return what this machine's load process can do at most, and how much of that the run used."""
    return {
        "rate": ceiling.rate_per_s,
        "measured_at": ceiling.measured_at,
        "share": finite_or_none(ceiling.share),
    }
