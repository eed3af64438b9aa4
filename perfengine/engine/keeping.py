"""A run is kept in the history: first its directory, then its place in the index. Neither makes a run fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from perfengine.engine.history import history_of
from perfengine.history.keep import keep_directory, why_unwritable
from perfengine.history.layout import directory_name, runs_of

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.engine.formats import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where a run was kept."""

    directory: Path | None  #: None: it could not be
    notes: tuple[str, ...] = ()  #: what went wrong; a line each


def why_not_kept(results: Path) -> str | None:
    """Return a line for a history in which no run can be kept, None for one in which it seems it can."""
    why = why_unwritable(results)
    return f"this run is not kept: {why}" if why else None


def keep_run(results: Path, written: Written) -> Kept:
    """Keep a result in the history below a results directory."""
    run = written.result
    name = directory_name(run.run_id, run.started_at.astimezone(UTC))
    try:
        directory = keep_directory(results, name, run.run_id, written.text)
    except OSError as error:
        why = f"this run is not kept: {runs_of(results)} cannot be written: {error.strerror or error}"
        return Kept(directory=None, notes=(why,))
    history = history_of(results)
    history.add(directory)
    return Kept(directory=directory, notes=tuple(history.notes))
