"""The words and signs that templates look up by key, and the text that no page may carry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNS: Final = {"PASS": "✓ ", "FAIL": "✕ ", "UNPROVEN": "? ", "run failed": "✕ "}
_TONES: Final = {
    "PASS": "pass",
    "FAIL": "fail",
    "run failed": "fail",
    "UNPROVEN": "unproven",
    "interrupted": "unproven",
    "terminated": "unproven",
}
_UNITS: Final = {
    "s": "seconds",
    "1/s": "a second",
    "fraction": "share",
    "count": "number",
    "B": "bytes",
    "B/s": "bytes a second",
}
#: What no reader sees, or what turns the letters after it around.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class _Words(dict[str, str]):
    """Words by key; of a key that nobody thought of there are none."""

    def __missing__(self, key: str) -> str:
        return ""


def page_words() -> Mapping[str, Mapping[str, str]]:
    """Return the words by what they are of: `signs` and `tones` of verdicts, `units` of charts."""
    return {"signs": _Words(_SIGNS), "tones": _Words(_TONES), "units": _Words(_UNITS)}


def without_unseen(page: str) -> str:
    """Return the page; in place of what no reader sees stands a sign that everybody does."""
    return _UNSEEN.sub("\ufffd", page)
