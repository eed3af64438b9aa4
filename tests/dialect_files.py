"""The entity files of all dialects: those that are read, and those that are refused, with what is said where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from perfengine.spec.documents import DocumentText

FOLDER = Path(__file__).parent / "dialects"
ACCEPTED = sorted((FOLDER / "accepted").glob("*.yaml"))
REFUSED = sorted((FOLDER / "refused").glob("*.yaml"))
#: At the end of a line of a file that is refused: what is said of this line, apart by ` | `.
_EXPECTED = re.compile(r"  #! (.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A mistake that a line of a file says it holds."""

    line: int
    message: str  #: how it begins, or a piece of it


def text_of(path: Path) -> DocumentText:
    """Return a file of the corpus as a document."""
    return DocumentText(path=path.name, data=path.read_bytes())


def expected_of(path: Path) -> list[Expected]:
    """Return the mistakes that a file says it holds, in its order."""
    found: list[Expected] = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if match := _EXPECTED.search(line):
            found += [Expected(line=number, message=message) for message in match[1].split(" | ")]
    return found
