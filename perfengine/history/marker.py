"""The marker of a run's directory: that perfengine made it, and the names of the files that it wrote there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.history.layout import MARKER

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the marker says."""

    run_id: str
    files: tuple[str, ...]  #: the marker itself not among them


def write_marker(directory: Path, marker: Marker) -> None:
    """Write the marker. Raises: OSError."""
    said = {"made_by": "perfengine", "run_id": marker.run_id, "files": list(marker.files)}
    (directory / MARKER).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def read_marker(directory: Path) -> Marker | None:
    """Return what the marker says, None where there is none that can be read."""
    try:
        said = json.loads((directory / MARKER).read_text(encoding="utf-8"))
        if said["made_by"] != "perfengine":
            return None
        return Marker(run_id=str(said["run_id"]), files=tuple(map(str, said["files"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def strangers(directory: Path, marker: Marker) -> list[str]:
    """Return the names in a directory that perfengine did not write there. Raises: OSError."""
    ours = {MARKER, *marker.files}
    return sorted(
        each.name
        for each in directory.iterdir()
        if each.name not in ours or each.is_symlink() or not each.is_file()
    )
