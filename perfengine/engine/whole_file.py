"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def why_unwritable(path: Path) -> str | None:
    """Return why a file cannot be written there, as far as that can be told before; None where it seems it can."""
    try:
        if path.is_dir():
            return "it is a directory"
        place = next(parent for parent in path.absolute().parents if parent.exists())
    except OSError as error:  # a directory above may not be entered, or the name is too long
        return error.strerror or str(error)
    if not place.is_dir():
        return f"{place} is no directory"
    return None if os.access(place, os.W_OK | os.X_OK) else f"no permission to write in {place}"


def write_whole(path: Path, data: bytes, *, mode: int) -> None:
    """Write beside the place and move it there: a reader never sees half of it. Raises: OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
