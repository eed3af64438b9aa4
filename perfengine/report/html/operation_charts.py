"""The charts of one operation over time: its rate, its latency, where the time went, what failed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.report.html.asked_rate import asked_rates
from perfengine.report.html.chart_of_time import Frame, chart_of_time
from perfengine.report.html.parts import Kind, Limit, Line
from perfengine.report.html.read import mapping
from perfengine.report.html.steps import values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfengine.report.html.limits import Most
    from perfengine.report.html.operation_time import OperationTime
    from perfengine.report.html.parts import Chart
    from perfengine.report.html.read import Entry
    from perfengine.report.html.steps import Steps

    Lines = Callable[[Steps], list[Line]]

_FAILED: Final = "failed_"
#: Classes of errors that have a colour of their own; the rest is one area.
_MOST_CLASSES: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An operation that is drawn."""

    key: str  #: of its place in the page
    entry: Entry
    time: OperationTime
    share: float  #: of the attempts of its phase that its weight asks for
    limits_s: tuple[Limit, ...] = ()  #: on its latency

    def over_time(self, most: Most, lines: Lines, frame: Frame) -> Chart | None:
        """Return a chart of what `lines` makes of steps; the key of the frame is a name among its charts."""
        steps = self.time.latency_steps if frame.key == "latency" else self.time.steps
        drawn, listed = steps(most.points), steps(most.rows)
        framed = replace(frame, key=f"{self.key}-{frame.key}", group=self.key)
        return chart_of_time(framed, (drawn, lines(drawn)), (listed, lines(listed)))


def charts_over_time(subject: Subject, most: Most) -> Iterator[Chart | None]:
    """Yield the charts of an operation over its measured time; None for one that has nothing to show."""
    yield _rate(subject, most)
    yield _latency(subject, most)
    yield _parts(subject, most)
    yield _errors(subject, most)


def _rate(subject: Subject, most: Most) -> Chart | None:
    def lines(steps: Steps) -> list[Line]:
        time = subject.time
        found = [Line(label="ok", color="ok", values=time.rates_per_s(steps, "ok"))]
        asked = asked_rates(subject.entry, subject.share, steps.ends_s, steps.step_s)
        if asked:
            found.append(Line(label="asked", color="asked", values=asked, is_dashed=True))
        for name, label in (("bad", "not ok"), ("dropped", "dropped")):
            if np.nansum(time.column(name)) > 0:
                found.append(Line(label=label, color=name, values=time.rates_per_s(steps, name)))
        return found

    caption = "Attempts that ended in each stretch, a second."
    if mapping(subject.entry.get("load")).get("model") == "open":
        caption = "Attempts that ended in each stretch, a second, against the rate that was asked for."
    frame = Frame(key="rate", title="Throughput", caption=caption, unit="1/s")
    return subject.over_time(most, lines, frame)


def _latency(subject: Subject, most: Most) -> Chart | None:
    names = (("max", "max"), ("p99", "p99"), ("p95", "p95"), ("p50", "p50"))

    def lines(steps: Steps) -> list[Line]:
        found = subject.time.latencies_s(steps)
        return [
            Line(label=label, color=name, values=found[name], is_dashed=name == "max")
            for name, label in names
            if name in found
        ]

    caption = "Response time of ok attempts, logarithmic: from when they were due to their end."
    frame = Frame(
        key="latency", title="Latency", caption=caption, unit="s", is_log=True, limits=subject.limits_s
    )
    return subject.over_time(most, lines, frame)


def _parts(subject: Subject, most: Most) -> Chart | None:
    time = subject.time
    mean, ok = time.column("mean_s"), time.column("ok")
    late, waited = (np.nan_to_num(time.column(f"{name}_mean_s")) for name in ("lateness", "pool_wait"))
    if not (late.any() or waited.any()):
        return None
    parts = (("service", mean - late - waited), ("pool wait", waited), ("lateness", late))

    def lines(steps: Steps) -> list[Line]:
        return [
            Line(
                label=label,
                color=label.replace(" ", "-"),
                values=values_of(np.maximum(steps.mean(np.where(np.isnan(mean), np.nan, values), ok), 0.0)),
            )
            for label, values in parts
        ]

    caption = (
        "Mean response time, split: from due to started, until there was a connection, until the end. "
        "Service is the database and the wire; the rest is waiting before it."
    )
    frame = Frame(key="parts", title="Where the time went", caption=caption, unit="s", kind=Kind.STACK)
    return subject.over_time(most, lines, frame)


def _errors(subject: Subject, most: Most) -> Chart | None:
    columns = mapping(subject.time.series.get("columns"))
    totals = {
        name: float(np.nansum(subject.time.column(name))) for name in columns if name.startswith(_FAILED)
    }
    names = sorted((name for name, total in totals.items() if total), key=lambda name: -totals[name])
    if not names and np.nansum(subject.time.column("bad")) > 0:
        names = ["bad"]
    own, rest = names[:_MOST_CLASSES], names[_MOST_CLASSES:]

    def lines(steps: Steps) -> list[Line]:
        found = [
            Line(
                label=name.removeprefix(_FAILED).replace("_", " "),
                color=f"c{place}",
                values=subject.time.rates_per_s(steps, name),
            )
            for place, name in enumerate(own, start=1)
        ]
        if rest:
            values = [subject.time.rates_per_s(steps, name) for name in rest]
            sums = tuple(sum(value or 0.0 for value in row) for row in zip(*values, strict=True))
            found.append(Line(label="others", color="c8", values=sums))
        return found

    caption = "Attempts that were not ok, by class, a second."
    frame = Frame(key="errors", title="Errors", caption=caption, unit="1/s", kind=Kind.STACK)
    return subject.over_time(most, lines, frame) if names else None
