"""Small texts of the kernel: what is there, without its last newline."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
SYS: Final = Path("/sys")


def text_of(path: Path) -> str | None:
    """Return the text of a file, None where it cannot be read."""
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return None


def number_of(path: Path) -> int | None:
    """Return the whole number that a file holds, None where there is none."""
    try:
        return int(text_of(path) or "")
    except ValueError:
        return None
