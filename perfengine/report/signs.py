"""The signs of the text report, for streams that can show them and for those that cannot; and harmless text."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Final

#: Columns of the terminal that the report is made for.
WIDTH: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What stands before a line, and for a latency without end."""

    held: str
    violated: str
    unproven: str
    warning: str
    poor: str
    acceptable: str
    good: str
    beyond: str


#: The warning sign ends in a space: it is one column wide to some terminals and two to others.
UNICODE: Final = Signs(
    held="✅ ",
    violated="❌ ",
    unproven="❔ ",
    warning="⚠️  ",
    poor="🔴 ",
    acceptable="🟡 ",
    good="🟢 ",
    beyond="∞",
)
ASCII: Final = Signs(
    held="PASS ",
    violated="FAIL ",
    unproven="UNPROVEN ",
    warning="WARNING: ",
    poor="",
    acceptable="",
    good="",
    beyond="inf",
)


def plain(text: str) -> str:
    """Return text from outside as one line without control characters, which could move the cursor or hide words."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))


def for_stream(text: str, *, unicode: bool) -> str:
    """Return a report as it is written; without `unicode` it is pure ASCII, other signs by their numbers."""
    return text if unicode else text.encode("ascii", "backslashreplace").decode()


def folded(text: str, indent: str = "   ", width: int = WIDTH) -> list[str]:
    """Return the lines of a text for `width` columns, from the second on indented; words are never broken."""
    # One column less: a sign at the start may take two.
    return wrap(text, width - 1, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
