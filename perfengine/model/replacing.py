"""Pieces of a text replaced by others, and the way back from a place in what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Begin and end of a piece, and what is written instead. Several come in order, none over another.
Replacement = tuple[int, int, str]


def replaced(text: str, replacements: Iterable[Replacement]) -> str:
    """Return the text with pieces of it replaced; all else stays as it is, letter by letter."""
    parts: list[str] = []
    written = 0
    for start, stop, piece in replacements:
        parts += [text[written:start], piece]
        written = stop
    return "".join([*parts, text[written:]])


def place_before(replacements: Iterable[Replacement], place: int) -> int:
    """Return where the character at `place` of what `replaced` returns stood before.

    Of what was put in, where the piece that it stands for began.
    """
    longer = 0  #: by so much the new text is, up to here
    for start, stop, piece in replacements:
        if place < start + longer:
            break
        if place < start + longer + len(piece):
            return start
        longer += len(piece) - (stop - start)
    return place - longer
