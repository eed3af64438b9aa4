"""Where something stands in the user's own source: of a definition, of a call, of an exception."""

from __future__ import annotations

import linecache
import re
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.model.mistake import Position

if TYPE_CHECKING:
    from types import FrameType, TracebackType

#: Lines from the first decorator on in which the definition is looked for.
_REACH = 60
_OURS = str(Path(__file__).parents[1])


def shown_path(path: str) -> str:
    """Return the path as a reader knows it: relative to the working directory where it lies below."""
    try:
        return str(Path(path).resolve().relative_to(Path.cwd()))
    except ValueError:
        return path


def line_position(path: str, line: int, word: str = "") -> Position:
    """Return the position of `word` in a line, of the whole line without one."""
    linecache.checkcache(path)
    source = linecache.getline(path, line).rstrip()
    bare = source.lstrip()
    marked = word if word and word in source else bare
    return Position(
        path=shown_path(path),
        line=line,
        column=source.index(marked) + 1,
        width=max(1, len(marked)),
        source=source,
    )


def call_position(frame: FrameType | None) -> Position:
    """Return where a call of ours stands."""
    if frame is None:
        return Position(path="<python>", line=1, column=1)
    return line_position(frame.f_code.co_filename, frame.f_lineno)


def definition_position(target: object, frame: FrameType | None) -> Position:
    """Return where a function or a class is defined; where it was handed to us, if that cannot be seen."""
    name = getattr(target, "__name__", "")
    code = getattr(target, "__code__", None)
    if code is not None:
        path, first = code.co_filename, code.co_firstlineno
    elif frame is not None:
        path, first = frame.f_code.co_filename, frame.f_lineno
    else:
        return call_position(None)
    definition = re.compile(rf"\s*(async\s+def|def|class)\s+{re.escape(name)}\b")
    for line in range(first, first + _REACH):
        if name and definition.match(linecache.getline(path, line)):
            return line_position(path, line, name)
    return line_position(path, first)


def raised_position(error: BaseException, folder: Path, path: str) -> Position:
    """Return the deepest place in the user's own files that an exception came through; else the top of `path`."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return line_position(error.filename, error.lineno)
    found = None
    for filename, line in _places(error.__traceback__):
        if _is_users(filename, folder):
            found = filename, line
    return line_position(*(found or (path, 1)))


def _places(traceback: TracebackType | None) -> list[tuple[str, int]]:
    places = []
    while traceback is not None:
        places.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    return places


def _is_users(filename: str, folder: Path) -> bool:
    if filename.startswith(_OURS) or "site-packages" in filename:
        return False
    return Path(filename).is_relative_to(folder)
