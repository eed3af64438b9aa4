"""Each operation's own part of the page: its line, its parts, its charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.report.html.asked_rate import shares_of_mix
from perfengine.report.html.formats import duration, whole
from perfengine.report.html.heat_map import heat_map
from perfengine.report.html.limits import most_for
from perfengine.report.html.operation_charts import Subject, charts_over_time
from perfengine.report.html.operation_time import series_by_operation, time_of
from perfengine.report.html.operations_table import parts_table
from perfengine.report.html.read import count, mapping, number, text
from perfengine.report.html.run_facts import load_words
from perfengine.report.html.slots import slots_by_operation
from perfengine.report.html.spectrum import spectrum
from perfengine.report.html.verdicts import latency_limits, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.report.html.limits import Most
    from perfengine.report.html.parts import Chart, Table
    from perfengine.report.html.read import Decode, Entry
    from perfengine.report.html.slots import Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPart:
    """What the page says of one operation."""

    key: str
    name: str
    verdict: str
    line: str
    parts: Table | None
    charts: tuple[Chart, ...]
    why_no_time: str


def operation_parts(
    document: Entry, operations: Mapping[str, Entry], keys: Mapping[str, str], decode: Decode, *, draws: bool
) -> tuple[OperationPart, ...]:
    """Return the parts of all operations that are drawn."""
    repeats = count(mapping(document.get("stability")).get("repeats"))
    series, slots = series_by_operation(document), slots_by_operation(document)
    shares, most = shares_of_mix(operations.items()), most_for(len(operations))
    found = []
    for name, entry in operations.items():
        own = slots.get(name)
        subject = Subject(
            key=keys[name],
            entry=entry,
            time=time_of(entry, series.get(name, {}), own, repeats),
            share=shares[name],
            limits_s=latency_limits(document, name),
        )
        charts = tuple(chart for chart in _charts(subject, own, most, decode) if chart) if draws else ()
        found.append(_part(document, name, subject, charts, draws=draws))
    return tuple(found)


def _charts(subject: Subject, slots: Slots | None, most: Most, decode: Decode) -> Iterator[Chart | None]:
    yield from charts_over_time(subject, most)
    yield heat_map(f"{subject.key}-heat", slots, most, subject.key)
    yield spectrum(f"{subject.key}-spectrum", subject.entry, decode, subject.limits_s)


def _part(
    document: Entry, name: str, subject: Subject, charts: tuple[Chart, ...], *, draws: bool
) -> OperationPart:
    entry = subject.entry
    is_short = draws and not any(chart.key.endswith("-rate") for chart in charts)
    return OperationPart(
        key=subject.key,
        name=name,
        verdict=verdict_of(document, name),
        line=_line(entry),
        parts=parts_table(entry),
        charts=charts,
        why_no_time="It was measured for less than two seconds: too short for pictures over time."
        if is_short
        else "",
    )


def _line(entry: Entry) -> str:
    outcomes, measured = mapping(entry.get("outcomes")), number(entry.get("measured"))
    parts = (
        text(entry.get("kind")).replace("_", " "),
        load_words(entry),
        f"measured for {duration(measured)}" if measured is not None else "",
        ", ".join(f"{whole(count(number_))} {name}" for name, number_ in outcomes.items() if number_),
        f"cut short: {text(entry.get('cut_short'))}" if entry.get("cut_short") else "",
    )
    return " · ".join(part for part in parts if part)
