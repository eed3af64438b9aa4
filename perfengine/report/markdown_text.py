"""Texts from outside inside GitHub's markdown: shown as they are, and nothing else: no markup, link, mention, HTML.

GitHub looks for mentions, references and addresses after it has rendered everything, entities included; only code is
safe from that. So names are code, and in sentences a zero-width space stands behind what such a thing begins with.
"""

from __future__ import annotations

import re
from typing import Final

from perfengine.report.signs import plain

#: Characters of a name or a sentence that are shown; more would only push the rest out of sight.
_MOST_NAME: Final = 120
_MOST_SENTENCE: Final = 500
_BREAK: Final = "&#8203;"
#: What could be markup; an underscore inside a word and a colon behind one are none.
_ACTIVE: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])|:(?! |\Z)|[^\w ,.%()\-;/='\"?∞:]")
#: What may begin a mention, a reference, an address or an emoji.
_BEGINNINGS: Final = frozenset("@#:")
_BARE_REFERENCE: Final = re.compile(r"(www|GH)(?=[.-])", re.IGNORECASE)
_TICKS: Final = re.compile("`+")


def code(text: str) -> str:
    """Return a name as code; a dash where there is none."""
    name = _cut(plain(text), _MOST_NAME)
    if not name:
        return "–"
    runs = [len(run) for run in _TICKS.findall(name)]
    fence = "`" * (max(runs, default=0) + 1)
    return f"{fence} {name} {fence}" if runs else f"{fence}{name}{fence}"


def code_cell(text: str) -> str:
    """Return a name as code inside a table, where a pipe ends the cell unless it is escaped."""
    # behind a backslash of its own the escape would not be one
    return code(text.replace("\\|", "\\¦")).replace("|", "\\|")


def sentence(text: str) -> str:
    """Return a sentence, in a table or outside."""
    words = _ACTIVE.sub(_inert, _cut(plain(text), _MOST_SENTENCE))
    return _BARE_REFERENCE.sub(rf"\1{_BREAK}", words)


def _inert(found: re.Match[str]) -> str:
    char = found[0]
    return f"&#{ord(char)};{_BREAK if char in _BEGINNINGS else ''}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
