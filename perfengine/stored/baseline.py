"""A baseline's JSON to what is compared against: our own with its runs, both older shapes, and results.

The older shapes are `baselines: {operation: {mean, p95, tolerance}}` and `results: {operation: {mean, ...}}`. Ours
has both, and its runs under `runs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from perfengine.model.comparison import Side, StoredBaseline, StoredOperation
from perfengine.model.requirement import Metric
from perfengine.model.stored import BaselineFile, StoredRun
from perfengine.stored.operation import figure_of
from perfengine.stored.page import Page
from perfengine.stored.repeats import runs_of
from perfengine.stored.result import check_units, environment_line, run_of
from perfengine.stored.sessions import by_session
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfengine.stored.operation import Decode
    from perfengine.stored.page import Path

_LATENCIES: Final = {
    "mean": Metric.MEAN,
    "median": Metric.MEDIAN,
    "p95": Metric.P95,
    "p99": Metric.P99,
}


def read_baseline(text: str, label: str, decode: Decode) -> BaselineFile:
    """Return the baseline; `label` names the file. A result is a baseline of one run, or of its repeats.

    `decode` gives the counters of a histogram text, or raises ValueError.

    Raises: SpecError with everything that is wrong, each with its place.
    """
    page = Page(text, label)
    page.check_version()
    check_units(page)
    shapes = [key for key in ("baselines", "results") if key in page.root]
    if not shapes:
        page.complain((), 'is no baseline: there is neither "baselines" nor "results" in it')
    page.check()
    runs = by_session(_runs(page, label, decode))
    operations = tuple(_operations(page, shapes, runs))
    if not operations:
        page.complain((shapes[0],), "holds no operation")
    baseline = StoredBaseline(
        operations=operations, tolerance=page.fraction(("tolerance",), page.root.get("tolerance"))
    )
    page.check()
    return BaselineFile(
        label=label,
        baseline=baseline,
        runs=runs,
        environment=environment_line(page.root.get("environment")),
        timestamp=str(page.root.get("timestamp") or ""),
    )


def _runs(page: Page, label: str, decode: Decode) -> Iterator[StoredRun]:
    listed = page.root.get("runs")
    if isinstance(listed, list):
        for number, item in enumerate(listed):
            document = page.mapping(("runs", number), item)
            yield run_of(page, ("runs", number), document, f"{label}, run {number + 1}", decode)
    elif listed is not None:
        page.complain(("runs",), "is no list of runs")
    elif "baselines" not in page.root and _has_histograms(page.root["results"]):
        yield from runs_of(page, label, decode)


def _has_histograms(results: object) -> bool:
    entries = results.values() if isinstance(results, dict) else ()
    return any(isinstance(entry, dict) and entry.get("histograms") for entry in entries)


def _operations(page: Page, shapes: Sequence[str], runs: Sequence[StoredRun]) -> Iterator[StoredOperation]:
    """Yield the operations of all shapes, each once: what `baselines` says of one wins."""
    places: dict[str, Path] = {}
    for shape in shapes:
        for name in page.mapping((shape,), page.root[shape]):
            places.setdefault(name, (shape, name))
    for name, place in places.items():
        entry = page.mapping(place, page.root[str(place[0])][name])
        yield StoredOperation(
            name=name,
            figures=_figures(page, place, entry),
            tolerance=page.fraction((*place, "tolerance"), entry.get("tolerance")),
            sessions=side_of_runs(runs, name),
        )


def side_of_runs(runs: Sequence[StoredRun], name: str) -> Side:
    """Return the runs of an operation by session; those without a histogram are no witness and left out."""
    sessions: dict[str, list[Any]] = {}
    for run in runs:
        sample = run.sample.operation(name)
        if sample is not None and sample.response:
            sessions.setdefault(run.sample.session, []).append(sample)
    return tuple(map(tuple, sessions.values()))


def _figures(page: Page, place: Path, entry: Mapping[str, Any]) -> Mapping[Metric, float]:
    """Return the figures in ns and per second; the mean must be there."""
    found: dict[Metric, float] = {}
    for word, metric in _LATENCIES.items():
        value = figure_of(entry, word)
        if value is None and metric is not Metric.MEAN:
            continue
        seconds = page.positive((*place, word), value, "mean" if metric is Metric.MEAN else "latency")
        if seconds is not None:
            found[metric] = seconds * NS_PER_S
    return found
