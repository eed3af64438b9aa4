"""Whether a text can stand where one SQL expression is expected.

Rules and guards are placed in the sandbox's table and function definitions. The database says whether they are valid;
what is looked for here is text that would leave its place: a second statement, a parenthesis or quote that is not
closed, a comment that swallows what follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TABLE_CONSTRAINT: Final = re.compile(
    r"\s*(UNIQUE|EXCLUDE|PRIMARY\s+KEY|FOREIGN\s+KEY|CHECK)\b\s*\(?", re.IGNORECASE
)
_PIECE: Final = re.compile(
    r"""
      (?P<quoted>   (?<![\w$])[eE]'(?:[^'\\]|''|\\.)*' | (?<![eE])'[^']*' | (?<=\w[eE])'[^']*' | "[^"]*" )
    | (?P<unclosed> ['"] )
    | (?P<number>   \d[eE]' )  # before PostgreSQL 15 the e would begin an escape string
    | (?P<comment>  --|/\*|\*/ )
    | (?P<open>     [(\[] )
    | (?P<close>    [)\]] )
    | (?P<other>    [;,$\\] )
    """,
    re.VERBOSE | re.DOTALL,
)
#: Longer ones are not written by hand, and a mistake in one could not be shown.
_MAX_CHARACTERS: Final = 10_000
_PAIRS: Final = {")": "(", "]": "["}
_OTHERS: Final = {
    ",": 'a "," is not expected here: one expression is expected, not a list',
    ";": 'a ";" ends the expression: one expression is expected, not statements',
    "$": "a \"$\" begins a dollar quote or a parameter: write text as '...'",
    "\\": 'a "\\" is not part of an expression',
}
_SELECT: Final = re.compile(r"\bselect\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an expression, and the index of the character where it shows."""

    message: str
    index: int


def why_no_check(text: str) -> str | None:
    """Return why a well-formed rule cannot be a CHECK of its table; None where nothing speaks against it."""
    constraint = _TABLE_CONSTRAINT.match(text)
    if constraint:
        word = " ".join(constraint[1].upper().split())
        return f"{word} is a constraint of its own kind, no expression over the fields of a row"
    if expression_fault(text) is None and _SELECT.search(_without_quotes(text)):
        return "its rule reads other rows, which a CHECK constraint cannot"
    return None


def expression_fault(text: str) -> Fault | None:
    """Return why `text` cannot be one SQL expression; None when nothing speaks against it."""
    if len(text) > _MAX_CHARACTERS:
        return Fault(f"an expression has at most {_MAX_CHARACTERS} characters, this one {len(text)}", 0)
    opened: list[tuple[str, int]] = []
    for piece in _PIECE.finditer(text):
        kind, sign, index = piece.lastgroup, piece[0], piece.start()
        if kind == "open":
            opened.append((sign, index))
        elif kind == "close" and opened and opened[-1][0] == _PAIRS[sign]:
            opened.pop()
        elif kind != "quoted" and not (sign == "," and opened):
            return Fault(_complaint(kind, sign), index)
    if opened:
        return Fault(f'this "{opened[-1][0]}" is never closed', opened[-1][1])
    return None if re.search(r"\w", text) else Fault("this is no expression", 0)


def _complaint(kind: str | None, sign: str) -> str:
    if kind == "close":
        return f'this "{sign}" closes nothing'
    if kind == "unclosed":
        return "this quote is never closed"
    if kind == "number":
        return "a blank is missing between a number and a text"
    if kind == "comment":
        return f'"{sign}" is a comment in SQL: remove it, or put blanks between the signs'
    return _OTHERS[sign]


def _without_quotes(text: str) -> str:
    """Return `text` with quoted pieces blanked, each character kept in its place."""
    return _PIECE.sub(lambda piece: " " * len(piece[0]) if piece.lastgroup == "quoted" else piece[0], text)
