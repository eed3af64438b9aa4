"""Two runs on one page: their figures under each other, what changed, and their charts beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from perfengine.engine.comparing import CompareSettings, compare_files
from perfengine.errors import PerfengineError
from perfengine.metrics.hdr_codec import decode
from perfengine.report.comparison_json import comparison_entry
from perfengine.report.html.changes import Comparison, comparison_of
from perfengine.report.html.headline import line_of, standing_of, summary_of, title_of
from perfengine.report.html.limits import MOST_OPERATIONS
from perfengine.report.html.operations import operation_parts
from perfengine.report.html.operations_table import OperationsTable, operations_table
from perfengine.report.html.payload import payload_of
from perfengine.report.html.read import operations_of
from perfengine.report.html.render import script_json
from perfengine.web.templating import page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from perfengine.report.html.parts import Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A run as one of the two."""

    letter: str
    directory: str
    path: Path
    document: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Whose run it is."""
        return title_of(self.document)

    @property
    def line(self) -> str:
        """When and where it ran."""
        return line_of(self.document)

    @property
    def standing(self) -> str:
        """What it came to."""
        return standing_of(self.document)

    @property
    def summary(self) -> str:
        """That in a few words."""
        return summary_of(self.document, operations_of(self.document))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An operation that at least one of the two has: its charts, those of A before those of B."""

    name: str
    charts: tuple[tuple[Chart, ...], ...]


def side_by_side(before: Side, after: Side) -> bytes:
    """Return the page of two runs. What cannot be compared is said on it, and stands there all the same."""
    pairs = _pairs(before, after)
    charts = [chart for pair in pairs for sides in pair.charts for chart in sides]
    changes, notes = _changes(before, after)
    return page(
        "compare.html.j2",
        sides=(before, after),
        table=_table(before, after),
        changes=changes,
        notes=notes,
        pairs=pairs,
        data=script_json(payload_of(charts)) if charts else "",
    )


def _table(before: Side, after: Side) -> OperationsTable:
    """Return a line of each run for each operation, all latencies in one unit."""
    sides = {side.letter: operations_of(side.document) for side in (before, after)}
    names = dict.fromkeys(name for found in sides.values() for name in found)
    lines = {
        f"{name}, {letter}": found[name] for name in names for letter, found in sides.items() if name in found
    }
    return operations_table({}, lines, {})


def _changes(before: Side, after: Side) -> tuple[Comparison | None, tuple[str, ...]]:
    try:
        result = compare_files([before.path], [after.path], CompareSettings())
    except PerfengineError as error:
        return None, tuple(str(error).splitlines())
    found = comparison_of({}, comparison_entry(result))
    return found, found.notes if found else ()


def _pairs(before: Side, after: Side) -> tuple[Pair, ...]:
    found: dict[str, dict[str, list[Chart]]] = {}
    for side in (before, after):
        operations = dict(list(operations_of(side.document).items())[:MOST_OPERATIONS])
        keys = {name: f"{side.letter}{place}" for place, name in enumerate(operations, start=1)}
        for part in operation_parts(side.document, operations, keys, decode, draws=True):
            for chart in part.charts:
                titled = replace(chart, title=f"{chart.title}, {side.letter}")
                found.setdefault(part.name, {}).setdefault(chart.title, []).append(titled)
    return tuple(
        Pair(name=name, charts=tuple(tuple(sides) for sides in charts.values()))
        for name, charts in found.items()
    )
