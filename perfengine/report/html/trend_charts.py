"""A figure over the runs of the history: its verdicts, and where its level changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.html.formats import plain, rounded, scale_for
from perfengine.report.html.parts import Chart, Kind, Line, Table
from perfengine.report.html.words import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.trend import TrendSeries

#: The newest runs; older ones are in the history.
_MOST_RUNS: Final = 200


def trend_charts(trends: Sequence[TrendSeries]) -> Iterator[Chart]:
    """Yield a chart for each series that has two runs or more."""
    for place, series in enumerate(trends, start=1):
        chart = _chart(f"trend{place}", series)
        if chart:
            yield chart


def _chart(key: str, series: TrendSeries) -> Chart | None:
    skipped = max(len(series.points) - _MOST_RUNS, 0)
    points = series.points[skipped:]
    if sum(point.value is not None for point in points) < 2:
        return None
    values = tuple(rounded(point.value) for point in points)
    line = Line(label=series.label, color="p50", values=values)
    changes = [change for change in series.change_points if change.index >= skipped]
    caption = f"{len(points)} runs, oldest first; a hollow point was measured on something else."
    if changes:
        caption += f" Its level changed {_times(len(changes))}: see the lines across."
    return Chart(
        key=key,
        kind=Kind.TREND,
        title=series.label,
        caption=caption,
        unit=series.unit,
        x_label="run",
        x=tuple(float(place) for place in range(skipped + 1, skipped + len(points) + 1)),
        lines=(line,),
        extra={
            "verdicts": [point.verdict for point in points],
            "comparable": [point.is_comparable for point in points],
            "labels": [f"{point.started_at[:16].replace('T', ' ')} {point.note}".strip() for point in points],
            "changes": [[change.index - skipped, change.before, change.after] for change in changes],
        },
        spoken=spoken(f"{series.label} over {len(points)} runs", [line], series.unit),
        table=_table(series, skipped),
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _table(series: TrendSeries, skipped: int) -> Table:
    scale = scale_for(series.unit, [point.value for point in series.points])
    changes = {change.index for change in series.change_points}
    head = ("run", "started", f"{series.label}, {scale.unit}", "verdict", "comparable", "level", "note")
    return Table(
        head=head,
        rows=tuple(
            (
                point.run_id,
                point.started_at,
                plain(point.value, scale),
                point.verdict,
                "yes" if point.is_comparable else "no",
                "new level" if place in changes else "",
                point.note,
            )
            for place, point in enumerate(series.points)
            if place >= skipped
        ),
        is_text=True,
    )
