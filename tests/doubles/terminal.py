"""A terminal that remembers what is on it: what a user sees, from the bytes that a program writes."""

from __future__ import annotations

import re
from typing import Final

_PIECES: Final = re.compile(r"\x1b\[(\?25[lh]|[0-9;]*[A-Za-z])|\x1b[()][A-Z0-9]|([\r\n])|([^\x1b\r\n]+)")


class Terminal:
    """Understands what a live view sends: lines, going up, wiping a line, colours, hiding the cursor."""

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]
        self._row = self._column = 0
        self.shows_cursor = True
        self.colours: set[str] = set()  #: parameters of every change of colour or weight

    def feed(self, text: str) -> None:
        """Take what was written. Raises: AssertionError for what it does not understand."""
        end = 0
        for piece in _PIECES.finditer(text):
            assert piece.start() == end, f"not understood: {text[end : piece.start()]!r}"
            end = piece.end()
            code, move, words = piece.groups()
            if code:
                self._obey(code)
            elif move:
                self._move(move)
            elif words:
                self._put(words)
        assert end == len(text), f"not understood: {text[end:]!r}"

    @property
    def text(self) -> str:
        """All lines, without blanks at their ends."""
        return "\n".join("".join(line).rstrip() for line in self._lines).rstrip("\n")

    def _obey(self, code: str) -> None:
        if code.startswith("?25"):
            self.shows_cursor = code.endswith("h")
        elif code.endswith("m"):
            self.colours.add(code[:-1])
        elif code.endswith("A"):
            self._row = max(self._row - int(code[:-1] or 1), 0)
        elif code == "2K":
            self._lines[self._row] = []
        else:
            raise AssertionError(f"not understood: {code}")

    def _move(self, move: str) -> None:
        if move == "\n":
            self._row += 1
            if self._row == len(self._lines):
                self._lines.append([])
        else:
            self._column = 0

    def _put(self, words: str) -> None:
        line = self._lines[self._row]
        line += " " * (self._column - len(line))
        line[self._column : self._column + len(words)] = words
        self._column += len(words)
