"""The seal of a generated file: a hash of all other lines, by which one sees whether somebody has edited it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

_WORDS: Final = "perfengine generate: sha256 of the other lines:"
_SEAL: Final = re.compile(rf"^(?:--|#) {_WORDS} (?P<digest>[0-9a-f]{{64}})$", re.MULTILINE)
_PLACE: Final = "<the seal>"


def seal_line(comment: str) -> str:
    """Return the line to be sealed; `comment` is what begins a comment: `--` or `#`."""
    return f"{comment} {_WORDS} {_PLACE}"


def sealed(text: str) -> str:
    """Return a text, which has one line of `seal_line`, with the hash in that line."""
    line = next(line for line in text.splitlines() if line.endswith(f"{_WORDS} {_PLACE}"))
    return text.replace(line, line.removesuffix(_PLACE) + _digest(text, line), 1)


def is_untouched(text: str) -> bool:
    """Return whether a file is as `sealed` left it; other line ends do not count as an edit."""
    text = text.replace("\r\n", "\n")
    found = _SEAL.search(text)
    return found is not None and found["digest"] == _digest(text, found[0])


def _digest(text: str, line: str) -> str:
    return sha256(text.replace(line, "", 1).encode()).hexdigest()
