"""The statements of this room: pieces in files, each for the versions from its number on, laid together."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_FOLDER: Final = files("perfengine.serverview") / "sql"
_FILE_NAME: Final = re.compile(r"([a-z]+)\.v(\d+)\.sql")
#: What one sample asks for; each gives one row.
_PIECES: Final = ("sessions", "database", "wal", "checkpoints", "io", "upkeep", "others")


def sample_query(major: int) -> str:
    """Return the one statement of a sample; its parameter is the application name of the run's sessions."""
    pieces = (f"(\n{query(name, major)}\n) AS {name}" for name in _PIECES)
    return "SELECT * FROM " + ",\n".join(pieces)


def query(name: str, major: int) -> str:
    """Return a statement for servers of this major version: the newest that is not newer than the server."""
    fitting = [version for version in _versions()[name] if version <= major]
    return (_FOLDER / f"{name}.v{max(fitting)}.sql").read_text(encoding="utf-8").strip()


@cache
def _versions() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for path in _FOLDER.iterdir():
        if match := _FILE_NAME.fullmatch(path.name):
            found[match[1]] = (*found.get(match[1], ()), int(match[2]))
    return found
