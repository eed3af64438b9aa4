r"""A script cut into its statements and backslash commands, as psql and pgbench cut it.

Sources: PostgreSQL, src/fe_utils/psqlscan.l (a semicolon inside parentheses ends nothing, `\;` neither), and
src/bin/pgbench/pgbench.c, `ParseScript`, `process_backslash_command`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.sql_text import SqlTextError, tokens_of
from perfengine.pgbench.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Up to the end of the line; a backslash before it continues the command on the next.
_REST: Final = re.compile(r"(?:\\\r?\n|[^\n])*")
_WORD: Final = re.compile(r"(?:(?!\\\r?\n)\S)+")
#: White space and comments before a statement are no part of it.
_BEFORE: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z))*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a backslash command, at `start` of the script."""

    text: str
    start: int

    @property
    def stop(self) -> int:
        """The first character after it."""
        return self.start + len(self.text)

    def fault(self, message: str, *, allowed: tuple[str, ...] = ()) -> Fault:
        """Return a mistake at the word."""
        return Fault(message, self.start, self.stop, allowed=allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlPiece:
    r"""A statement, at `start` of the script, without the semicolon; `joined` are the places of `\;` in it."""

    text: str
    start: int
    joined: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backslash:
    r"""`\name words...`: the backslash at `start` of the script, and where the command ends."""

    name: Word
    words: tuple[Word, ...]
    start: int
    stop: int

    def fault(self, message: str, *, found: str | None = None, allowed: tuple[str, ...] = ()) -> Fault:
        """Return a mistake at the backslash and its name."""
        return Fault(message, self.start, self.name.stop, found=found, allowed=allowed)


def pieces_of(text: str) -> Iterator[SqlPiece | Backslash]:
    """Yield what stands in a script, in order. Raises: Fault for a quote or a comment that nothing ends."""
    place = 0
    while place < len(text):
        piece, place = _statement(text, place)
        if piece.text:
            yield piece
        if place < len(text) and text[place] == "\\":
            command, place = _backslash(text, place)
            if command:
                yield command
        else:
            place += 1


def _statement(text: str, begin: int) -> tuple[SqlPiece, int]:
    """Return the statement that begins here, and where it ends: at a semicolon, a backslash, or the end."""
    try:
        joined, length = _ending(text[begin:])
    except SqlTextError as error:
        at = begin + error.offset
        raise Fault(f"{error.what} has no end: it goes on to the end of the script", at, at + 1) from error
    end = begin + length
    start = min(_past(text, begin), end)
    places = tuple(begin + at for at in joined)
    return SqlPiece(text=text[start:end].rstrip(), start=start, joined=places), end


def _ending(text: str) -> tuple[list[int], int]:
    r"""Return where each `\;` of the first statement of a text is, and where that ends. Raises: SqlTextError."""
    depth, past = 0, 0  #: an escaped sign before `past` has been looked at
    joined: list[int] = []
    for token in tokens_of(text):
        at, sign = token.start(), token[0]
        if at < past:
            continue
        if sign == "\\":
            escaped = text[at + 1 : at + 2]
            if escaped not in {";", ":"}:
                return joined, at
            joined += [at] if escaped == ";" else []
            past = at + 2
        elif sign == ";" and not depth:
            return joined, at
        else:
            depth = max(0, depth + (sign == "(") - (sign == ")"))
    return joined, len(text)


def _past(text: str, begin: int) -> int:
    found = _BEFORE.match(text, begin)
    return found.end() if found else begin


def _backslash(text: str, at: int) -> tuple[Backslash | None, int]:
    """Return the command of the backslash here, None where no word follows it, and where its line ends."""
    found = _REST.match(text, at + 1)
    end = found.end() if found else len(text)
    words = [Word(text=word[0], start=word.start()) for word in _WORD.finditer(text, at + 1, end)]
    if not words:
        return None, end
    name, *others = words
    return Backslash(name=name, words=tuple(others), start=at, stop=end), end
