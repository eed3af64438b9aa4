"""Where servers of these tests live."""

from __future__ import annotations

import os
from pathlib import Path

_USUAL = Path("/var/tmp")  # noqa: S108 - directories of their own are made in it
#: A longer one leaves no room for a socket in a directory below it.
_LONGEST = 40


def open_place() -> Path:
    """Return a place with a short path that every account may pass through to: TMPDIR where it is one."""
    named = Path(os.environ.get("TMPDIR") or _USUAL).absolute()
    is_open = named.is_dir() and all(place.stat().st_mode & 0o001 for place in (named, *named.parents))
    return named if is_open and len(str(named)) <= _LONGEST else _USUAL
