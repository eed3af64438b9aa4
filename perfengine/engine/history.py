"""The history as commands and reports ask for it: which runs there are, one of them, trends, what may be removed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.comparison.fingerprint_fields import class_of
from perfengine.comparison.trends import Grounds, trend_of
from perfengine.errors import UsageError
from perfengine.history.layout import RESULT, runs_of
from perfengine.history.reading import newest_runs, operation_names, runs_called, scenario_names
from perfengine.history.retention import Pruning, left_behind, look_at
from perfengine.history.store import History
from perfengine.model.fingerprint import FieldClass
from perfengine.model.kept_run import Figure, ListedRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.history.index import Index
    from perfengine.model.kept_run import KeptRun
    from perfengine.model.trend import TrendSeries

#: Where the history lies unless said.
RESULTS_DIRECTORY: Final = Path("perf-results")
#: Nobody writes a result for so long.
_UNFINISHED_FOR: Final = timedelta(days=1)
#: Instead of the name of a run.
NEWEST: Final = "newest"


def history_of(results: Path) -> History:
    """Return the history below a results directory."""
    return History(results=results, read=_read)


def list_runs(
    history: History, *, scenario: str | None = None, last: int | None = None
) -> tuple[ListedRun, ...]:
    """Return the newest runs, the oldest of them first. Each is held against the newest complete one of its scenario.

    Raises: UsageError for a scenario that there is not, and for an index that is not ours to read.
    """
    if scenario is not None:
        _require(scenario, history.ask(scenario_names), "scenario", history)
    runs = history.ask(lambda index: newest_runs(index, scenario=scenario, last=last))
    newest = {run.scenario: run for run in sorted(runs, key=lambda run: run.is_complete)}
    grounds = Grounds()
    return tuple(
        ListedRun(run=run, is_comparable=grounds.may_compare(newest[run.scenario], run)) for run in runs
    )


def find_run(history: History, word: str) -> Path:
    """Return the result of a run: by its id or the beginning of it, by its directory, or `newest`.

    Raises: UsageError for a word that stands for none, or for several.
    """
    if os.path.isfile(Path(word) / RESULT):  # noqa: PTH113 - that of Path raises for a name that is too long
        return Path(word) / RESULT
    called = [run.directory for run in history.ask(lambda index: newest_runs(index, last=1, operations=()))]
    if word != NEWEST:
        called = history.ask(lambda index: runs_called(index, word))
    if len(called) == 1:
        return runs_of(history.results) / called[0] / RESULT
    if called:
        some = ", ".join(called[:3]) + (", ..." if len(called) > 3 else "")
        raise UsageError(f'"{word}" stands for {len(called)} runs: write more of it\n   {some}')
    if word == NEWEST:
        raise UsageError(f"there is no run in {history.results} yet: perfengine run keeps each")
    runs = history.ask(lambda index: newest_runs(index, operations=()))
    raise _unknown(word, [name for run in runs for name in (run.run_id, run.directory)], "run", history)


def trends(
    history: History,
    *,
    scenario: str | None = None,
    operation: str | None = None,
    figures: Sequence[Figure] = (Figure.P95,),
    last: int | None = None,
) -> tuple[TrendSeries, ...]:
    """Return how figures of operations went over the newest complete runs of a scenario; None: of the newest one.

    Without `operation` those of all operations that the newest of these runs has.

    Raises: UsageError for a scenario or an operation that there is not, and as `History.ask`.
    """

    def found(index: Index) -> tuple[KeptRun, ...]:
        names = scenario_names(index)
        if not names:
            return ()
        chosen = names[0] if scenario is None else _require(scenario, names, "scenario", history)
        if operation is not None:
            _require(operation, operation_names(index, chosen), "operation", history)
        wanted = None if operation is None else (operation,)
        return newest_runs(
            index, scenario=chosen, last=last, operations=wanted, figures=figures, complete=True
        )

    runs, grounds = history.ask(found), Grounds()
    shown = (
        (operation,) if operation is not None else [each.name for run in runs[-1:] for each in run.operations]
    )
    return tuple(trend_of(runs, name, figure, grounds) for name in shown for figure in figures if runs)


def prunable(
    history: History,
    *,
    keep: int | None = None,
    older_than: timedelta | None = None,
    now: datetime | None = None,
) -> Pruning:
    """Return which runs may be removed: all but the `keep` newest, or those that began longer ago.

    With them goes what was begun a day ago, or half removed, and never finished. Raises: as `History.ask`.
    """
    now = now or datetime.now(UTC)
    runs = history.ask(lambda index: newest_runs(index, operations=()))
    old = runs[: max(len(runs) - keep, 0)] if keep is not None else runs
    if older_than is not None:
        since = now - older_than
        old = tuple(run for run in old if datetime.fromisoformat(run.started_at) < since)
    there = set(history.names())
    finished = [runs_of(history.results) / run.directory for run in old if run.directory in there]
    return look_at([*finished, *left_behind(history.results, (now - _UNFINISHED_FOR).timestamp())])


def _read(directory: Path) -> KeptRun:
    # numpy and hdrh come with them, and who finds the index up to date reads no result
    from perfengine.engine.result_files import result_text  # noqa: PLC0415
    from perfengine.stored.kept_run import read_kept_run  # noqa: PLC0415

    path = directory / RESULT
    return read_kept_run(result_text(path), directory.name, str(path), _is_hard)


def _is_hard(field: str) -> bool:
    return class_of(field) is FieldClass.HARD


def _require(word: str, known: Sequence[str], what: str, history: History) -> str:
    if word in known:
        return word
    raise _unknown(word, known, what, history)


def _unknown(word: str, known: Sequence[str], what: str, history: History) -> UsageError:
    meant = get_close_matches(word, known, n=1)
    hint = f'\n   did you mean "{meant[0]}"?' if meant else ""
    some = ", ".join(dict.fromkeys(known[:6])) + (", ..." if len(known) > 6 else "")
    there = f": {some}" if known and not meant else ""
    return UsageError(f'there is no {what} "{word}" in the history of {history.results}{hint or there}')
