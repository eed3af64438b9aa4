"""The load processes and the server over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.report.html.chart_of_time import Frame, chart_of_time
from perfengine.report.html.parts import Kind, Limit, Line
from perfengine.report.html.read import entries, mapping, numbers, text
from perfengine.report.html.steps import column, steps_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.report.html.limits import Most
    from perfengine.report.html.parts import Chart
    from perfengine.report.html.read import Entry
    from perfengine.report.html.steps import Floats, Steps

#: A load process that is busier than this is taken for the bottleneck.
_SATURATED: Final = 0.9
_AXIS: Final = "measured time of all phases, one after the other"

_CHARTS: Final = (
    (
        Frame(
            key="generator-busy",
            title="Processor time",
            caption="Of the busiest load process, as a share of one processor.",
            unit="fraction",
            kind=Kind.STACK,
            limits=(Limit(label="saturated", value=_SATURATED),),
            group="generator",
            x_label=_AXIS,
        ),
        (("running", "c1", "cpu_share"), ("waiting for a processor", "c2", "run_queue_share")),
    ),
    (
        Frame(
            key="generator-delays",
            title="Delays of the generator",
            caption="The worst second of each stretch: how late the event loop came to what was ready, and clients "
            "to what was due.",
            unit="s",
            group="generator",
            x_label=_AXIS,
        ),
        (
            ("loop lag p99", "c1", "loop_lag_p99_s"),
            ("start delay p99", "c2", "start_delay_p99_s"),
            ("garbage collection", "c3", "gc_pause_s"),
        ),
    ),
    (
        Frame(
            key="generator-connections",
            title="Connections in use",
            caption="Share of the time that an attempt held a connection, in the busiest process.",
            unit="fraction",
            group="generator",
            x_label=_AXIS,
        ),
        (("in use", "c1", "connection_share"),),
    ),
)


def generator_charts(document: Entry, most: Most) -> Iterator[Chart | None]:
    """Yield the charts of the load processes: of all of them the busiest, the latest."""
    times, columns = _worst(document)
    if not len(times):
        return
    steps = steps_of(times, most.points), steps_of(times, most.rows)
    for frame, lines in _CHARTS:
        made = [_lines(step, columns, lines) for step in steps]
        yield chart_of_time(frame, (steps[0], made[0]), (steps[1], made[1]))


def _lines(steps: Steps, columns: dict[str, Floats], named: Sequence[tuple[str, str, str]]) -> list[Line]:
    return [
        Line(label=label, color=color, values=values_of(steps.largest(columns[name])))
        for label, color, name in named
        if name in columns
    ]


def _worst(document: Entry) -> tuple[list[float], dict[str, Floats]]:
    """Return the times of all phases on one axis, and of each second the largest value of any process."""
    phases: dict[str, list[Entry]] = {}
    for item in entries(document.get("series")):
        if item.get("about") == "generator" and item.get("times"):
            phases.setdefault(text(item.get("phase")), []).append(item)
    names = dict.fromkeys(
        name for items in phases.values() for item in items for name in mapping(item.get("columns"))
    )
    times: list[float] = []
    parts: dict[str, list[Floats]] = {name: [] for name in names}
    for items in phases.values():
        last = int(max((value for item in items for value in numbers(item.get("times")) if value), default=0))
        begin_s = times[-1] if times else 0.0
        times += [begin_s + second for second in range(1, last + 1)]
        for name in names:
            parts[name].append(_largest(items, name, last))
    return times, {name: np.concatenate(found) for name, found in parts.items()}


def _largest(items: Sequence[Entry], name: str, last: int) -> Floats:
    found = np.full(last, np.nan)
    for item in items:
        times = numbers(item.get("times"))
        values = column(mapping(item.get("columns")).get(name), len(times))
        places = np.clip(np.array([value or 1 for value in times], dtype=np.int64) - 1, 0, last - 1)
        np.fmax.at(found, places, values)
    return found
