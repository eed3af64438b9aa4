"""Comparisons that are as short as can be, and what they print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

#: As short as it goes: the verdict of so little is not what is tested, unless the change is manifold.
SHORT: Final = ("--slice", "80ms", "--slices", "2", "--pairs", "4", "--max-pairs", "4", "--concurrency", "2")


def written(path: Path, text: str) -> str:
    """Return the path of a new file with that text."""
    path.write_text(text)
    return str(path)


def document_of(stdout: str) -> dict[str, Any]:
    """Return the JSON document on stdout."""
    document: dict[str, Any] = json.loads(stdout)
    return document
