"""The pages of the history: all runs, one of them, two side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.engine.history import history_of, list_runs
from perfengine.engine.report_trends import page_of_run
from perfengine.engine.stored_reports import read_written
from perfengine.errors import PerfengineError
from perfengine.history.layout import RESULT, UNFINISHED, runs_of
from perfengine.report.history_text import when_text
from perfengine.report.html.formats import with_unit
from perfengine.web.answer import CARRIES_ITS_OWN, OWN_ASSETS_ONLY, Answer, NotThere
from perfengine.web.asset_files import asset_routes
from perfengine.web.side_by_side import Side, side_by_side
from perfengine.web.templating import page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from perfengine.model.kept_run import ListedRun
    from perfengine.web.answer import Route

#: Of the list, the newest.
MOST_RUNS: Final = 500
#: The list has a form that asks for two of its runs.
_WITH_FORM: Final = OWN_ASSETS_ONLY.replace("form-action 'none'", "form-action 'self'")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run of the list, as text."""

    directory: str
    started: str
    scenario: str
    standing: str
    load: str
    rate: str
    p95: str
    commit: str
    note: str


def history_routes(results: Path) -> Mapping[str, Route]:
    """Return the pages of the runs below a results directory, read anew for each request."""
    return {
        **asset_routes(),
        "/": _telling(lambda _: _list(results)),
        "/run": _telling(lambda query: _run(results, query)),
        "/compare": _telling(lambda query: _compare(results, query)),
    }


def _telling(route: Callable[[Mapping[str, str]], Answer]) -> Route:
    """Return the route; what it cannot do is said to the reader."""

    @wraps(route)
    def telling(query: Mapping[str, str]) -> Answer:
        try:
            return route(query)
        except PerfengineError as error:
            raise NotThere(str(error)) from error

    return telling


def _list(results: Path) -> Answer:
    history = history_of(results)
    listed = list_runs(history, last=MOST_RUNS)[::-1]
    body = page(
        "history.html.j2",
        results=str(results),
        runs=[_row(each) for each in listed],
        chosen=_chosen(listed),
        notes=history.notes,
    )
    return Answer(body=body, policy=_WITH_FORM)


def _chosen(listed: Sequence[ListedRun]) -> tuple[str, str]:
    """Return the directories of the runs that are chosen at first: the newest, and that of its scenario before it."""
    newest = listed[0].run if listed else None
    before = next(
        (each.run for each in listed[1:] if newest and each.run.scenario == newest.scenario), newest
    )
    return (before.directory if before else "", newest.directory if newest else "")


def _row(listed: ListedRun) -> RunRow:
    run = listed.run
    return RunRow(
        directory=run.directory,
        started=when_text(run.started_at),
        scenario=run.scenario,
        standing=run.standing,
        load=run.load,
        rate=with_unit(run.rate_per_s, "1/s"),
        p95=with_unit(run.p95_s, "s"),
        commit=run.commit[:12],
        note="" if listed.is_comparable else "not comparable with the newest of its scenario",
    )


def _run(results: Path, query: Mapping[str, str]) -> Answer:
    written = read_written(_result_of(results, query.get("id", "")))
    return Answer(body=page_of_run(written, results), policy=CARRIES_ITS_OWN)


def _compare(results: Path, query: Mapping[str, str]) -> Answer:
    sides = []
    for letter in "AB":
        directory = query.get(letter.lower(), "")
        path = _result_of(results, directory)
        sides.append(
            Side(letter=letter, directory=directory, path=path, document=read_written(path).document)
        )
    return Answer(body=side_by_side(sides[0], sides[1]))


def _result_of(results: Path, directory: str) -> Path:
    """Return the result of a run by the name of its directory, and by nothing else: a request is no path."""
    found = runs_of(results) / directory / RESULT
    is_name = directory == Path(directory).name and not directory.startswith(UNFINISHED)
    if not (is_name and directory and found.is_file()):
        raise NotThere("there is no such run")
    return found
