"""Where the history lies: names of directories and files below the results directory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

RUNS: Final = "runs"
INDEX: Final = "history.db"
RESULT: Final = "result.json"
#: Says that perfengine made the directory, and what it wrote there.
MARKER: Final = ".perfengine-run"
#: What is being written; never a run.
UNFINISHED: Final = "."


def runs_of(results: Path) -> Path:
    """Return the directory of the runs."""
    return results / RUNS


def index_of(results: Path) -> Path:
    """Return the file of the index."""
    return results / INDEX


def directory_name(run_id: str, started_at: datetime) -> str:
    """Return the name of a run's directory: in the order of their names runs are in that of their time.

    `started_at` is in UTC.
    """
    return f"{started_at:%Y%m%dT%H%M%SZ}-{run_id}"


def run_names(results: Path) -> list[str]:
    """Return the names of the runs' directories, the oldest first; none where there is no history.

    Raises: OSError for a directory that cannot be read.
    """
    try:
        with os.scandir(runs_of(results)) as entries:
            return sorted(
                each.name for each in entries if each.is_dir() and not each.name.startswith(UNFINISHED)
            )
    except FileNotFoundError:
        return []
