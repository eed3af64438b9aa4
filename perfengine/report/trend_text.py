"""Trends for a terminal: a sparkline of each, its figures, and where its level changed."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from perfengine.report.history_text import when_text
from perfengine.report.measures import unit_named, value_text
from perfengine.report.signs import folded, for_stream, plain
from perfengine.report.sparkline import bucket_of, in_buckets, sparkline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.trend import ChangePoint, TrendSeries

#: Signs of a sparkline at most; more runs share them.
WIDTH: Final = 76
_INDENT: Final = "  "


def render_trends(series: Sequence[TrendSeries], *, unicode: bool = True) -> str:
    """Return the trends, one below the other, ending in a newline; without `unicode` they are pure ASCII."""
    if not series:
        return "No complete run was kept yet.\n"
    text = "\n\n".join("\n".join(_lines(each, unicode=unicode)) for each in series) + "\n"
    return for_stream(text, unicode=unicode)


def _lines(series: TrendSeries, *, unicode: bool) -> Iterator[str]:
    yield plain(series.label)
    values = [point.value if point.is_comparable else None for point in series.points]
    known = [value for value in values if value is not None]
    if not known:
        yield f"{_INDENT}none of {len(values)} runs measured it"
        return
    changes, drifts = (
        [change for change in some if series.points[change.index].is_comparable]
        for some in (series.change_points, series.drifts)
    )
    yield _INDENT + sparkline(in_buckets(values, WIDTH), unicode=unicode)
    yield from _marks([*changes, *drifts], len(values))
    yield from _indented(_figures(known, series.unit, len(values)))
    for change in changes:
        yield from _indented(f"^ change point {_change(change, series)}")
    if drifts:
        yield from _indented(f"^ trend, not change point: {_drift(drifts, series)}")
    if others := sum(not point.is_comparable for point in series.points):
        dot = "·" if unicode else "."
        runs = f"{others} run{'' if others == 1 else 's'}"
        yield from _indented(f"{dot} {runs} not measured on the same thing as the newest: left out")


def _marks(changes: Sequence[ChangePoint], count: int) -> Iterator[str]:
    """Yield a line with a mark below each change point."""
    places = {bucket_of(change.index, count, WIDTH) for change in changes}
    if places:
        yield _INDENT + "".join("^" if at in places else " " for at in range(max(places) + 1))


def _figures(known: Sequence[float], unit: str, runs: int) -> str:
    figures = {"min": min(known), "median": median(known), "max": max(known), "newest": known[-1]}
    words = ", ".join(f"{name} {_value(value, unit)}" for name, value in figures.items())
    shared = f", {-(-runs // WIDTH)} a sign" if runs > WIDTH else ""
    return f"{words} ({len(known)} run{'' if len(known) == 1 else 's'}{shared})"


def _change(change: ChangePoint, series: TrendSeries) -> str:
    point = series.points[change.index]
    what = f"{_value(change.before, series.unit)} to {_value(change.after, series.unit)}"
    size = f", {change.change:+.1%}" if change.change is not None and series.unit != "fraction" else ""
    return f"{when_text(point.started_at)}, run {plain(point.run_id)}: {what}{size}"


def _drift(drifts: Sequence[ChangePoint], series: TrendSeries) -> str:
    what = f"{_value(drifts[0].before, series.unit)} to {_value(drifts[-1].after, series.unit)}"
    depend = "" if series.correlation is None else f" (correlation {series.correlation:.2f})"
    return f"{what}; runs depend on their neighbours{depend}"


def _value(value: float, unit: str) -> str:
    return value_text(value, unit_named(unit))


def _indented(text: str) -> Iterator[str]:
    yield from (_INDENT + line for line in folded(text, _INDENT, 78))
