"""Bytes to text, with a way from a mark of the YAML parser to a `Position`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.mistake import Mistake, Position
from perfengine.spec.documents import MAX_BYTES
from perfengine.spec.mistakes import RefusedError

if TYPE_CHECKING:
    from perfengine.spec.documents import DocumentText

#: What ends a line for a YAML 1.1 parser, and so for the line numbers of its marks.
_LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
#: What YAML does not allow in a stream, even in quotes.
_NOT_TEXT: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"  # U+FEFF: a byte order mark
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A document file as text and lines."""

    path: str
    text: str
    lines: tuple[str, ...]

    def position(self, line: int, column: int, *, width: int = 1) -> Position:
        """Return the position of a line and column that count from 0; beyond the end: the end of the last line."""
        if line >= len(self.lines):
            line, column = len(self.lines) - 1, len(self.lines[-1])
        return Position(
            path=self.path, line=line + 1, column=column + 1, width=max(1, width), source=self.lines[line]
        )

    def span(self, start: tuple[int, int], end: tuple[int, int]) -> Position:
        """Return the position from `start` to `end`, (line, column) from 0; of several lines, the first."""
        line, column = start
        stop = end[1] if end[0] == line else len(self.lines[line]) if line < len(self.lines) else column
        return self.position(line, column, width=stop - column)

    def offset(self, index: int) -> Position:
        """Return the position of the character at `index` of the text."""
        before = _LINE_BREAK.split(self.text[:index])
        return self.position(len(before) - 1, len(before[-1]))


def decode_source(document: DocumentText) -> SourceText:
    """Return the text of a document.

    Raises: RefusedError for a file over 1 MiB, bytes that are not UTF-8, and characters YAML does not allow.
    """
    start = Position(path=document.path, line=1, column=1)
    if len(document.data) > MAX_BYTES:
        raise RefusedError(
            Mistake(position=start, message="the file is over 1 MiB: a document is at most 1048576 bytes")
        )
    try:
        text = document.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(
            Mistake(position=_bad_byte(document, error), message=_not_utf8(document, error))
        ) from None
    source = SourceText(path=document.path, text=text, lines=tuple(_LINE_BREAK.split(text)))
    bad = _NOT_TEXT.search(text)
    if bad:
        message = f"the character {bad[0]!a} cannot be in a YAML document: is this a text file?"
        raise RefusedError(Mistake(position=source.offset(bad.start()), message=message))
    return source


def _bad_byte(document: DocumentText, error: UnicodeDecodeError) -> Position:
    before = _LINE_BREAK.split(document.data[: error.start].decode("utf-8-sig", "replace"))
    return Position(path=document.path, line=len(before), column=len(before[-1]) + 1)


def _not_utf8(document: DocumentText, error: UnicodeDecodeError) -> str:
    byte = document.data[error.start]
    return f"the byte 0x{byte:02x} is not UTF-8: save the file as UTF-8 text"
