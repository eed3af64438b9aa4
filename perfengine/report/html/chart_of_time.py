"""A chart over measured time from its lines, those of the picture and those of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.report.html.formats import clock, plain, rounded, scale_for
from perfengine.report.html.parts import Chart, Kind, Line, Table
from perfengine.report.html.words import spoken, step_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.report.html.parts import Limit
    from perfengine.report.html.steps import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a chart over time is called, and how it is drawn."""

    key: str
    title: str
    caption: str
    unit: str
    kind: Kind = Kind.LINES
    limits: tuple[Limit, ...] = ()
    is_log: bool = False
    group: str = ""  #: charts of one group move their cursors together
    x_label: str = "measured time"


def chart_of_time(
    frame: Frame, drawn: tuple[Steps, Sequence[Line]], listed: tuple[Steps, Sequence[Line]]
) -> Chart | None:
    """Return the chart, None where there is nothing to draw: less than two points, or lines without a value.

    `drawn` are the steps and lines of the picture, `listed` those of the table.
    """
    steps, lines = drawn[0], tuple(line for line in drawn[1] if _has_value(line))
    if len(steps.ends_s) < 2 or not lines:
        return None
    labels = {line.label for line in lines}
    return Chart(
        key=frame.key,
        kind=frame.kind,
        title=frame.title,
        caption=frame.caption,
        unit=frame.unit,
        x_label=frame.x_label,
        x=steps.ends_s,
        lines=tuple(_short(line) for line in lines),
        limits=frame.limits,
        is_log=frame.is_log,
        group=frame.group,
        spoken=spoken(f"{frame.title}, over {frame.x_label}", lines, frame.unit),
        table=table_of_time(listed[0], [line for line in listed[1] if line.label in labels], frame.unit),
    )


def table_of_time(steps: Steps, lines: Sequence[Line], unit: str) -> Table:
    """Return the lines as a table, a row for each step; a row is named by where it ends."""
    scale = scale_for(unit, [value for line in lines for value in line.values])
    heads = (f"{line.label}, {scale.unit}" if scale.unit else line.label for line in lines)
    columns = [[plain(value, scale) for value in line.values] for line in lines]
    rows = zip((clock(end) for end in steps.ends_s), *columns, strict=True)
    return Table(head=("until", *heads), rows=tuple(rows), note=step_note(steps.step_s))


def _has_value(line: Line) -> bool:
    return any(value is not None for value in line.values)


def _short(line: Line) -> Line:
    values = tuple(rounded(value) for value in line.values)
    return Line(label=line.label, color=line.color, values=values, is_dashed=line.is_dashed)
