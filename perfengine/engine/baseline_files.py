"""Baselines: made of results, added to, read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfengine.engine.result_files import read_baseline_file, read_result_files
from perfengine.engine.whole_file import write_whole
from perfengine.errors import UsageError
from perfengine.stored.baseline_document import render_baseline
from perfengine.stored.sessions import by_session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfengine.model.stored import BaselineFile, StoredRun


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedBaseline:
    """What a baseline file now holds."""

    path: Path
    runs: int
    sessions: int
    operations: int
    cautions: tuple[str, ...] = ()


def save_baseline(
    results: Sequence[Path], path: Path, *, add: bool = False, tolerance: float | None = None
) -> SavedBaseline:
    """Write the results as a baseline; with `add` to those that the file has already.

    Raises: UsageError, SpecError for results or a file that cannot be read or must not be overwritten.
    """
    if path.exists() and not _may_be_replaced(path):
        raise UsageError(f"{path}: is there and no baseline: name another file")
    earlier = read_baseline_file(path) if add and path.exists() else None
    runs = by_session((*_runs_of(earlier), *read_result_files(results)))
    _require_once(runs)
    tolerances: dict[str, float] = {}
    if earlier is not None and tolerance is None:
        tolerances, tolerance = _tolerances(earlier), earlier.baseline.tolerance
    data = render_baseline(runs, datetime.now(UTC), tolerances, tolerance)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, mode=0o644)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    return SavedBaseline(
        path=path,
        runs=len(runs),
        sessions=len({run.sample.session for run in runs}),
        operations=len({sample.name for run in runs for sample in run.sample.operations}),
        cautions=tuple(f"{run.label} is incomplete: {run.incomplete}" for run in runs if run.incomplete),
    )


def _runs_of(earlier: BaselineFile | None) -> tuple[StoredRun, ...]:
    if earlier is None:
        return ()
    if not earlier.runs:
        raise UsageError(
            f"{earlier.label}: has figures and no runs to add to: make a new baseline of results, without --add"
        )
    return earlier.runs


def _may_be_replaced(path: Path) -> bool:
    """Return whether a file is a baseline, of whatever shape: a result or anything else is not overwritten."""
    try:
        with path.open("rb") as file:
            return b'"baselines"' in file.read(1 << 16)
    except OSError:
        return False


def _require_once(runs: Sequence[StoredRun]) -> None:
    seen: dict[str, str] = {}
    for run in runs:
        if run.run_id is None:
            continue
        if run.run_id in seen:
            raise UsageError(f"{run.label}: run {run.run_id} is in {seen[run.run_id]} already")
        seen[run.run_id] = run.label


def _tolerances(earlier: BaselineFile) -> dict[str, float]:
    return {
        stored.name: stored.tolerance
        for stored in earlier.baseline.operations
        if stored.tolerance is not None
    }
