"""A mistake in a document: where, what was found, what is allowed, what to do."""

from __future__ import annotations

from dataclasses import dataclass


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
        lines = [f"{at}: {self.message}"]
        if at.source:
            prefix = f"{at.line:>5} | "
            caret = " " * (len(prefix) - 2) + "| " + " " * (at.column - 1) + "^" * max(at.width, 1)
            lines += [prefix + at.source, caret]
        if self.allowed:
            lines.append(f"   one of: {', '.join(self.allowed)}")
        if self.suggestion:
            lines.append(f'   did you mean "{self.suggestion}"?')
        return "\n".join(lines)
