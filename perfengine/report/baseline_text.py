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
_HEAD: Final = "operation"


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
    yield from folded(_worth(sessions))


def _worth(sessions: int) -> str:
    if not sessions:
        return "No runs in it: the tolerance alone decides, and what it decides is unconfirmed"
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
    width = max(len(_HEAD), *(len(plain(stored.name)) for stored in file.baseline.operations))
    yield f"{_HEAD.ljust(width)}  {'mean':>9} {'p95':>9} {'tolerance':>9} {'runs':>5}"
    for stored in file.baseline.operations:
        yield _row(stored, file.baseline.tolerance, width)


def _row(stored: StoredOperation, default: float | None, width: int) -> str:
    figures = (
        value_text(stored.figures[metric], SECONDS) if metric in stored.figures else "-" for metric in _SHOWN
    )
    tolerance = next(value for value in (stored.tolerance, default, 0.1) if value is not None)
    runs = sum(map(len, stored.sessions))
    mean, p95 = figures
    return f"{plain(stored.name).ljust(width)}  {mean:>9} {p95:>9} {tolerance:>9.1%} {runs:>5}"
