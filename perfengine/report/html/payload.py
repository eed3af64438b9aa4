"""The data of the charts, as the script of the page reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.html.parts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.report.html.parts import Chart

#: Colours of the page itself that charts use too.
_OWN: Final = ("ground", "muted", "grid", "heat", "pass", "fail", "unproven", "c1", "c2")


def payload_of(charts: Iterable[Chart]) -> dict[str, object]:
    """Return charts by key, the axes that they share, and the names of the colours they use.

    Keys are short, for there are hundreds of lines: l label, c colour, d dashed, v values; xl label of x.
    """
    axes: dict[tuple[float, ...], int] = {}
    found = {chart.key: _chart(chart, axes.setdefault(chart.x, len(axes))) for chart in charts}
    colors = dict.fromkeys(
        (*_OWN, *(line["c"] for chart in found.values() for line in chart["lines"]))  # type: ignore[attr-defined] # lines
    )
    return {"axes": [list(axis) for axis in axes], "charts": found, "colors": list(colors)}


def _chart(chart: Chart, axis: int) -> dict[str, object]:
    return {
        "kind": chart.kind,
        "unit": chart.unit,
        "x": axis,
        "xl": "time" if chart.kind in {Kind.LINES, Kind.STACK, Kind.HEAT} else chart.x_label,
        "log": chart.is_log,
        "group": chart.group,
        "lines": [
            {"l": line.label, "c": line.color, "d": line.is_dashed, "v": list(line.values)}
            for line in chart.lines
        ],
        "limits": [{"l": limit.label, "v": limit.value} for limit in chart.limits],
        "extra": dict(chart.extra),
    }
