"""The text of a script and its places: from a character to file, line and column."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from perfengine.model.mistake import Mistake, Position

if TYPE_CHECKING:
    from perfengine.pgbench.fault import Fault


@dataclass(frozen=True, slots=True)
class Source:
    """A script as it was read."""

    path: str
    text: str
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0, *(n + 1 for n, sign in enumerate(self.text) if sign == "\n")]
        object.__setattr__(self, "_starts", starts)

    def position(self, start: int, stop: int | None = None) -> Position:
        """Return where the characters `start`..`stop` stand; the caret stays on the line of the first."""
        line = bisect_right(self._starts, start)
        begin = self._starts[line - 1]
        end = self.text.find("\n", begin)
        source = self.text[begin : len(self.text) if end < 0 else end].rstrip("\r")
        column = start - begin
        width = max(1, min((start + 1 if stop is None else stop), begin + len(source)) - start)
        return Position(path=self.path, line=line, column=column + 1, width=width, source=source)

    def place(self, start: int) -> str:
        """Return a place in one word: `script.sql:3:1`."""
        return str(self.position(start))

    def mistake(self, fault: Fault) -> Mistake:
        """Return a fault of the script as a mistake of the file."""
        near = get_close_matches(fault.found, fault.allowed, n=1) if fault.found else []
        return Mistake(
            position=self.position(fault.start, fault.stop),
            message=fault.message,
            allowed=fault.allowed,
            suggestion=near[0] if near else None,
        )
