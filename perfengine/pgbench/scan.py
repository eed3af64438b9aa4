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


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlPiece:
    r"""A statement, at `start` of the script, without the semicolon; `joined` are the places of `\;` in it."""

    text: str
    start: int
    joined: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backslash:
    r"""`\name words...`; `text` is all after the backslash, at `start` of the script."""

    name: Word
    words: tuple[Word, ...]
    text: str
    start: int


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
    rest, depth, joined, end = text[begin:], 0, [], len(text)
    past = 0  #: an escaped sign before it has been looked at
    try:
        for token in tokens_of(rest):
            at, sign = token.start(), token[0]
            if at < past:
                continue
            if sign == "\\":
                if rest[at + 1 : at + 2] in {";", ":"}:
                    joined += [begin + at] if rest[at + 1 : at + 2] == ";" else []
                    past = at + 2
                    continue
                end = begin + at
                break
            depth = max(0, depth + (sign == "(") - (sign == ")"))
            if sign == ";" and not depth:
                end = begin + at
                break
    except SqlTextError as error:
        raise Fault(_said(error), begin + error.offset, begin + error.offset + 1) from error
    start = min(_past(text, begin), end)
    return SqlPiece(text=text[start:end].rstrip(), start=start, joined=tuple(joined)), end


def _past(text: str, begin: int) -> int:
    found = _BEFORE.match(text, begin)
    return found.end() if found else begin


def _said(error: SqlTextError) -> str:
    return re.sub(r" that begins at character \d+", "", str(error)) + ": it goes on to the end of the script"


def _backslash(text: str, at: int) -> tuple[Backslash | None, int]:
    """Return the command of the backslash here, None where no word follows it, and where its line ends."""
    found = _REST.match(text, at + 1)
    end = found.end() if found else len(text)
    words = [Word(text=word[0], start=word.start()) for word in _WORD.finditer(text, at + 1, end)]
    if not words:
        return None, end
    name, *others = words
    return Backslash(name=name, words=tuple(others), text=text[at + 1 : end], start=at + 1), end
