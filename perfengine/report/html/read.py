"""Values of a result document: what is not there, or is not what it should be, is empty."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Entry = Mapping[str, Any]
    #: an encoded histogram to counter of stats/hdr.py to count; raises ValueError for a text that is none
    Decode = Callable[[str], Mapping[int, int]]


def mapping(value: object) -> Entry:
    """Return an object of the document, an empty one of anything else."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Entry]:
    """Return the objects of a list of the document."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Return the items of a list of the document as text."""
    return [str(item) for item in value] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a text of the document, an empty one of anything else."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """Return a finite number of the document, None of anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        found = float(value)
    except OverflowError:  # JSON has whole numbers of any length
        return None
    return found if isfinite(found) else None


def numbers(value: object) -> list[float | None]:
    """Return the numbers of a list of the document, None where one is none."""
    return [number(item) for item in value] if isinstance(value, list) else []


def count(value: object) -> int:
    """Return a count of the document, 0 of anything else."""
    found = number(value)
    return 0 if found is None else int(found)


def operations_of(document: Entry) -> dict[str, Entry]:
    """Return every operation of a result by name, as they were run where the result says so."""
    named = {**mapping(document.get("results")), **mapping(document.get("failed_operations"))}
    ordered = [name for name in texts(document.get("operations")) if name in named]
    return {str(name): mapping(named[name]) for name in dict.fromkeys([*ordered, *named])}
