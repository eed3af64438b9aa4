"""A run's directory comes to be: whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.history.layout import RESULT, UNFINISHED, runs_of
from perfengine.history.marker import Marker, write_marker

if TYPE_CHECKING:
    from collections.abc import Mapping


def why_unwritable(results: Path) -> str | None:
    """Return why no run can be kept there, as far as that shows without trying; None where it seems it can."""
    runs = runs_of(results).absolute()
    place = next(each for each in (runs, *runs.parents) if each.exists())
    if not place.is_dir():
        return f"{place} is no directory"
    return None if os.access(place, os.W_OK | os.X_OK) else f"no permission to write in {place}"


def keep_directory(
    results: Path, name: str, run_id: str, result: bytes, artefacts: Mapping[str, bytes] | None = None
) -> Path:
    """Write a run's directory, with the result and other files, and return it.

    It is made under another name and moved: whoever sees it sees all of it. Raises: OSError.
    """
    runs = runs_of(results)
    runs.mkdir(parents=True, exist_ok=True)
    files = {RESULT: result, **(artefacts or {})}
    made = Path(tempfile.mkdtemp(dir=runs, prefix=f"{UNFINISHED}{name}."))
    try:
        write_marker(made, Marker(run_id=run_id, files=tuple(files)))
        for each, data in files.items():
            _write_synced(made / each, data)
        made.chmod(0o755)
        return made.rename(runs / name)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
