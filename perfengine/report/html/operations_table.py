"""All operations side by side, and the parts of one response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.report.html.formats import NOTHING, Scale, plain, scale_for, whole, with_unit
from perfengine.report.html.parts import Table
from perfengine.report.html.read import count, mapping, number, texts
from perfengine.report.html.verdicts import verdict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.report.html.read import Entry

_LATENCIES: Final = {
    "mean": "mean",
    "median": "p50",
    "p95": "p95",
    "p99": "p99",
    "p999": "p99.9",
    "max": "max",
}
_PARTS: Final = {"lateness": "lateness", "pool_wait": "pool wait", "service": "service"}
_WEAK: Final = "\u2020"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRow:
    """One line of the table of operations."""

    key: str  #: of its place in the page; empty where it has none
    name: str
    verdict: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsTable:
    """The table of operations."""

    head: tuple[str, ...]
    rows: tuple[OperationRow, ...]
    has_weak: bool  #: whether a percentile has too few samples


def operations_table(
    document: Entry, operations: Mapping[str, Entry], keys: Mapping[str, str]
) -> OperationsTable:
    """Return a line for each operation, latencies in one unit."""
    scale = scale_for("s", [number(entry.get("p95")) for entry in operations.values()])
    rows = tuple(
        OperationRow(
            key=keys.get(name, ""), name=name, verdict=verdict_of(document, name), cells=_cells(entry, scale)
        )
        for name, entry in operations.items()
    )
    latencies = (f"{label}, {scale.unit}" for label in _LATENCIES.values())
    return OperationsTable(
        head=("ok", "ok/s", *latencies, "not ok"),
        rows=rows,
        has_weak=any(_WEAK in cell for row in rows for cell in row.cells),
    )


def _cells(entry: Entry, scale: Scale) -> tuple[str, ...]:
    weak = texts(entry.get("weak_percentiles"))
    latencies = (_marked(plain(number(entry.get(name)), scale), is_weak=name in weak) for name in _LATENCIES)
    outcomes = mapping(entry.get("outcomes"))
    due = count(outcomes.get("due")) - count(outcomes.get("unfinished"))
    bad = due - count(outcomes.get("ok"))
    share = with_unit(bad / due, "fraction") if due > 0 else NOTHING
    return (
        whole(number(entry.get("samples"))),
        plain(number(entry.get("throughput"))),
        *latencies,
        share if bad else "0",
    )


def _marked(figure: str, *, is_weak: bool) -> str:
    return f"{figure}{_WEAK}" if is_weak and figure != NOTHING else figure


def parts_table(entry: Entry) -> Table | None:
    """Return the response and its parts, None where nothing was measured."""
    found = {"response": mapping(entry.get("metrics"))} | {
        label: mapping(entry.get(name)) for name, label in _PARTS.items()
    }
    found = {label: figures for label, figures in found.items() if figures}
    if not found:
        return None
    scale = scale_for("s", [number(found[next(iter(found))].get("p95"))])
    rows = tuple(
        (label, *(plain(number(figures.get(name)), scale) for name in _LATENCIES))
        for label, figures in found.items()
    )
    heads = (f"{label}, {scale.unit}" for label in _LATENCIES.values())
    return Table(head=("part", *heads), rows=rows)


def failures_table(operations: Mapping[str, Entry]) -> Table | None:
    """Return why attempts were not ok, the most frequent causes first; None where all were."""
    rows = [
        (name, failure)
        for name, entry in operations.items()
        for failure in entry.get("failures") or ()
        if isinstance(failure, dict)
    ]
    rows.sort(key=lambda row: -count(row[1].get("count")))
    if not rows:
        return None
    return Table(
        head=("operation", "outcome", "class", "SQLSTATE", "count", "message"),
        rows=tuple(
            (
                name,
                str(failure.get("outcome") or NOTHING),
                str(failure.get("error_class") or NOTHING),
                str(failure.get("sqlstate") or NOTHING),
                whole(count(failure.get("count"))),
                str(failure.get("message") or NOTHING)[:300],
            )
            for name, failure in rows
        ),
        is_text=True,
    )
