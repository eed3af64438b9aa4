"""A baseline as text: what it was made of, and the figures that a result is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.requirement import Metric
from perfengine.report.measures import SECONDS, value_text
from perfengine.report.signs import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.comparison import StoredOperation
    from perfengine.model.stored import BaselineFile

_SHOWN: Final = (Metric.MEAN, Metric.P95)
_HEAD: Final = ("operation", "mean", "p95", "tolerance", "runs")
_LEAST_WIDTH: Final = 9


def render_baseline_text(file: BaselineFile) -> str:
    """Return the description, ending in a newline."""
    sections = [list(_head(file)), *([list(_runs(file))] if file.runs else []), list(_operations(file))]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _head(file: BaselineFile) -> Iterator[str]:
    yield f"Baseline: {plain(file.label)}"
    if file.timestamp:
        yield f"Made: {plain(file.timestamp)}"
    if file.environment:
        yield from folded(f"Environment: {plain(file.environment)}")
    sessions = len({run.sample.session for run in file.runs})
    if file.runs:
        yield f"Runs: {len(file.runs)} in {sessions} session{'' if sessions == 1 else 's'}"
        yield f"Canary: in {sum(run.canary is not None for run in file.runs)} of them"
    # runs without a histogram tell nothing of how much runs differ
    counted = max(len(stored.sessions) for stored in file.baseline.operations)
    yield from folded(_worth(counted, "No histograms" if file.runs else "No runs"))


def _worth(sessions: int, nothing: str) -> str:
    if not sessions:
        return f"{nothing} in it: the tolerance alone decides, and what it decides is unconfirmed"
    if sessions < 3:
        return "The spread between sessions is taken to be 3 %; three sessions show their own"
    return "The sessions show their own spread"


def _runs(file: BaselineFile) -> Iterator[str]:
    yield "Runs:"
    for run in file.runs:
        incomplete = ", incomplete" if run.incomplete else ""
        yield from folded(
            f"- {plain(run.run_id or run.label)}, session {plain(run.sample.session)}{incomplete}", "  "
        )


def _operations(file: BaselineFile) -> Iterator[str]:
    rows = [_row(stored, file.baseline.tolerance) for stored in file.baseline.operations]
    width = max(len(row[0]) for row in (_HEAD, *rows))
    figures = max(_LEAST_WIDTH, *(len(cell) for row in rows for cell in row[1:3]))
    for name, mean, p95, tolerance, runs in (_HEAD, *rows):
        yield f"{name.ljust(width)}  {mean:>{figures}} {p95:>{figures}} {tolerance:>{_LEAST_WIDTH}} {runs:>5}"


def _row(stored: StoredOperation, default: float | None) -> tuple[str, str, str, str, str]:
    mean, p95 = (
        value_text(stored.figures[metric], SECONDS) if metric in stored.figures else "-" for metric in _SHOWN
    )
    tolerance = next(value for value in (stored.tolerance, default, 0.1) if value is not None)
    return plain(stored.name), mean, p95, f"{tolerance:.1%}", str(sum(map(len, stored.sessions)))
