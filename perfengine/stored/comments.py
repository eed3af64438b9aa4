"""Comments in JSON: not allowed there, and written all the same."""

from __future__ import annotations

import re
from typing import Final

#: A string, or a comment; strings are matched so that what looks like a comment in one is left alone.
_STRING_OR_COMMENT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_NO_LINE_END: Final = re.compile(r"[^\n]")


def without_comments(text: str) -> str:
    """Return the text with spaces for `//` and `/* */` comments: every other sign keeps its line and column.

    A string keeps what is in it: `"https://example.org"` has no comment.
    """
    return _STRING_OR_COMMENT.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith('"') else _NO_LINE_END.sub(" ", found)
