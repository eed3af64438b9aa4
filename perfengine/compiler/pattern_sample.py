"""A text that matches a regular expression: for rules like `code ~ '^[A-Z]{3}-[0-9]{4}$'`.

Reads the common part of PostgreSQL's regular expressions: characters, classes, groups, alternatives, quantifiers.
Of a class it takes the first character, of alternatives the first, of a quantifier the least. What it does not
know makes a text that may not match, which costs nothing: the database judges every candidate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Longer texts are no use as candidates.
MAX_SAMPLE: Final = 1_000
#: What is read of a pattern; groups inside one another cannot be deeper than this.
_MAX_PATTERN: Final = 200

_ESCAPES: Final = {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "n": "\n", "t": "\t"}
_NO_WIDTH: Final = frozenset("AZmMyY")
_NAMED: Final = {
    "alpha": "a",
    "digit": "1",
    "alnum": "a",
    "upper": "A",
    "lower": "a",
    "space": " ",
    "punct": "-",
    "xdigit": "1",
}
_QUANTIFIER: Final = re.compile(r"(?:\{(\d{1,4})(?:,\d{0,4})?\}|([*+?]))\??")
_CLASS: Final = re.compile(r"\[(\^?)(\]?(?:\[:\w+:\]|\\.|[^\]])*)\]", re.DOTALL)
_GROUP: Final = re.compile(r"\((?:\?[:=])?")
_ORDINARY: Final = "aA1-_ .@"


@dataclass(slots=True)
class _Reader:
    pattern: str
    position: int = 0

    def alternatives(self) -> str:
        """Return a match of the first of the alternatives up to a closing parenthesis, and go past the others."""
        first = self.sequence()
        while self.position < len(self.pattern) and self.pattern[self.position] == "|":
            self.position += 1
            self.sequence()
        return first

    def sequence(self) -> str:
        text = ""
        while self.position < len(self.pattern) and self.pattern[self.position] not in "|)":
            text = (text + self.piece() * self.repeats())[:MAX_SAMPLE]
        return text

    def piece(self) -> str:
        """Return a match of one character, class or group."""
        if match := _CLASS.match(self.pattern, self.position):
            self.position = match.end()
            return _from_class(match[2], negated=bool(match[1]))
        if match := _GROUP.match(self.pattern, self.position):
            self.position = match.end()
            inside = self.alternatives()
            self.position += 1
            return inside
        char = self.pattern[self.position]
        self.position += 1
        if char == "\\" and self.position < len(self.pattern):
            self.position += 1
            return _escaped(self.pattern[self.position - 1])
        return {"^": "", "$": "", ".": "a"}.get(char, char)

    def repeats(self) -> int:
        """Return how often the piece before is repeated: the least that its quantifier allows, or once."""
        match = _QUANTIFIER.match(self.pattern, self.position)
        if match is None:
            return 1
        self.position = match.end()
        return int(match[1]) if match[1] else int(match[2] == "+")


def sample_of(pattern: str) -> str:
    """Return a text that likely matches `pattern`, at most 1000 characters long; never raises."""
    return _Reader(pattern[:_MAX_PATTERN]).alternatives()


def _escaped(char: str) -> str:
    return "" if char in _NO_WIDTH else _ESCAPES.get(char, char)


def _from_class(inside: str, *, negated: bool) -> str:
    if not negated:
        return _first_of(inside)
    return next((char for char in _ORDINARY if char not in inside and not _covers(inside, char)), "~")


def _first_of(inside: str) -> str:
    if match := re.match(r"\[:(\w+):\]", inside):
        return _NAMED.get(match[1], "a")
    if inside.startswith("\\") and len(inside) > 1:
        return _escaped(inside[1])
    return inside[:1]


def _covers(inside: str, char: str) -> bool:
    return any(low <= char <= high for low, high in re.findall(r"(.)-(.)", inside, re.DOTALL))
