"""The trends that stand in a report: of what was judged, over the runs up to the one that the report is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from perfengine.comparison.trends import Grounds, trend_of
from perfengine.engine.history import history_of
from perfengine.engine.html_report import html_of
from perfengine.errors import PerfengineError
from perfengine.history.layout import runs_of
from perfengine.history.reading import newest_runs
from perfengine.model.kept_run import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from perfengine.engine.formats import Written
    from perfengine.model.trend import TrendSeries

#: Runs of a trend at most.
LAST: Final = 30
_FIGURES: Final[Mapping[str, Figure]] = {
    **{figure.value: figure for figure in Figure},
    "requests_per_second": Figure.THROUGHPUT,
    "response_time_p95": Figure.P95,
    "error_budget": Figure.ERROR_RATE,
}


def trends_for_report(results: Path, document: Mapping[str, Any]) -> tuple[TrendSeries, ...]:
    """Return a trend of each figure that the result has a limit on; without any of the p95 of each operation.

    `document` is the result. Trends of fewer than two runs are left out; a history that cannot be read has none.
    """
    history = history_of(results)
    try:
        runs = history.ask(
            lambda index: newest_runs(
                index,
                scenario=", ".join(document.get("entities") or ()),
                last=LAST,
                complete=True,
                until=document.get("started"),
            )
        )
    except PerfengineError:
        return ()
    grounds = Grounds()
    found = (
        trend_of(runs, operation, figure, grounds) for operation, figure in dict.fromkeys(_shown(document))
    )
    return tuple(each for each in found if sum(point.value is not None for point in each.points) > 1)


def with_trends(written: Written, paths: Iterable[Path], results: Path | None) -> Written:
    """Return the result with its trends, for the pages among these files; without a history as it is."""
    if results is None or not runs_of(results).is_dir() or not any(path.suffix == ".html" for path in paths):
        return written
    return replace(written, trends=trends_for_report(results, written.document))


def page_of_run(written: Written, results: Path | None) -> bytes:
    """Return the result as an HTML page, with its trends where there is a history."""
    trends = () if results is None else trends_for_report(results, written.document)
    return html_of(written.document, options=written.html, trends=trends)


def _shown(document: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    judged = [
        (judgement["operation"], _FIGURES[judgement["metric"]])
        for judgement in document.get("judgements") or ()
        if judgement.get("operation") and judgement.get("metric") in _FIGURES
    ]
    yield from judged or ((name, Figure.P95) for name in document.get("results") or ())
