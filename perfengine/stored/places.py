"""Where a value stands in the text of a JSON document: asked only when something is wrong with it."""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TYPE_CHECKING, Final

from perfengine.model.mistake import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Key = str | int

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = JSONDecoder()


def position_at(text: str, offset: int, label: str) -> Position:
    """Return the place of a character."""
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    source = text[begin : end if end >= 0 else len(text)].rstrip("\r")
    return Position(
        path=label, line=text.count("\n", 0, offset) + 1, column=offset - begin + 1, source=source
    )


def offset_of(text: str, path: Sequence[Key]) -> int:
    """Return where the value at `path` begins, or the innermost value around it that is there."""
    offset = _after_space(text, 0)
    for key in path:
        found = next((value for name, _, value in _members(text, offset) if name == key), None)
        if found is None:
            return offset
        offset = found
    return offset


def repeated_key(text: str) -> tuple[str, int] | None:
    """Return the first key that stands twice in one object, with the place of the second; None without any."""
    return _repeated(text, _after_space(text, 0))


def _repeated(text: str, start: int) -> tuple[str, int] | None:
    seen: set[Key] = set()
    for key, place, value in _members(text, start):
        if key in seen:
            return str(key), place
        seen.add(key)
        if found := _repeated(text, value):
            return found
    return None


def _members(text: str, start: int) -> Iterator[tuple[Key, int, int]]:
    """Yield key, place of the key and place of the value of each member of an object, or of a list."""
    opening = text[start]
    if opening not in "{[":
        return
    place, number = _after_space(text, start + 1), 0
    while text[place] not in "}]":
        key: Key = number
        value = place
        if opening == "{":
            key, end = _DECODER.raw_decode(text, place)
            value = _after_space(text, _after_space(text, end) + 1)
        yield key, place, value
        place = _after_space(text, _DECODER.raw_decode(text, value)[1])
        if text[place] == ",":
            place = _after_space(text, place + 1)
        number += 1


def _after_space(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    return match.end() if match else offset
