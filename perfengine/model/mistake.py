"""A mistake in a document: where, what was found, what is allowed, what to do."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

#: Characters of a source line that are shown; a longer line is cut around the caret.
_WINDOW: Final = 100
_BEFORE_CARET: Final = 40
_ELLIPSIS: Final = "..."
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """Return `text` with every control, format and separator character escaped, so that a terminal only shows it."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _HIDDEN_CATEGORIES else char
        for char in text
    )


def _one_column_each(text: str) -> str:
    """Return `text` with hidden characters replaced one for one, so that a caret below still points right."""
    return "".join(
        " "
        if char == "\t"
        else "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(char) in _HIDDEN_CATEGORIES
        else char
        for char in text
    )


def _columns(text: str) -> int:
    """Return the terminal columns of `text`: two for wide characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
        for char in text
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in a text file; `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    width: int = 1  #: how many characters the caret underlines
    source: str = ""  #: the text of the line

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def excerpt(self) -> tuple[str, str]:
        """Return the source line, cut to a window, and the line of carets below it."""
        first = self.column - 1
        start = 0 if len(self.source) <= _WINDOW else max(0, first - _BEFORE_CARET)
        stop = min(len(self.source), start + _WINDOW)
        lead = _ELLIPSIS if start else ""
        tail = _ELLIPSIS if stop < len(self.source) else ""
        shown = _one_column_each(self.source[start:stop])
        before, marked = shown[: first - start], shown[first - start : first - start + self.width]
        carets = " " * (len(lead) + _columns(before)) + "^" * max(1, _columns(marked))
        return lead + shown + tail, carets


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing that is wrong in a document, with its remedy."""

    position: Position
    message: str
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None

    def render(self) -> str:
        """Return the mistake as text: place, message, the line with a caret, allowed set, suggestion."""
        at = self.position
        lines = [printable(f"{at}: {self.message}")]
        if at.source:
            source, carets = at.excerpt()
            lines += [f"{at.line:>5} | {source}", f"{'':>5} | {carets}"]
        if self.allowed:
            lines.append(printable(f"   one of: {', '.join(self.allowed)}"))
        if self.suggestion:
            lines.append(printable(f'   did you mean "{self.suggestion}"?'))
        return "\n".join(lines)
