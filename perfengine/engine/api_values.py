"""Values of arguments: read, or said to be wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")
#: The least and the most of each number, as on the command line.
_RANGES: Final = {
    "concurrency": (1, 5_000),
    "connections": (1, 5_000),
    "iterations": (1, 1_000_000_000),
    "processes": (1, 256),
    "repeats": (1, 1_000),
    "data_size": (1, 100_000_000),
    "seed": (0, 2**63 - 1),
    "scale": (1, 1_000_000),
    "max_tries": (1, 1_000),
}


def whole(name: str, value: object, faults: list[str]) -> int | None:
    """Return a whole number within the range of its argument; None for None, or one that is wrong."""
    low, high = _RANGES[name]
    if value is None or (type(value) is int and low <= value <= high):
        return value
    faults.append(f"{name} {value!r}: write a whole number from {low} to {high}")
    return None


def read(name: str, value: object, parse: Callable[[str], Value], faults: list[str]) -> Value | None:
    """Return what a text says; None for None, or one that is wrong."""
    if value is None:
        return None
    try:
        return parse(str(value))
    except ValueError as error:
        faults.append(f"{name}: {error}")
        return None


def word(name: str, value: object, allowed: tuple[str, ...], faults: list[str]) -> str | None:
    """Return one of the words that are allowed; None for None, or one that is wrong."""
    if value is None:
        return None
    if isinstance(value, str) and value in allowed:
        return value
    faults.append(f"{name} {value!r}: one of: {', '.join(allowed)}")
    return None


def files_of(files: Any) -> tuple[str, ...]:  # noqa: ANN401 - None, one, or several
    """Return names of files, given as text or as paths."""
    if files is None:
        return ()
    return (os.fspath(files),) if isinstance(files, str | os.PathLike) else tuple(map(os.fspath, files))


def texts_of(texts: Any) -> tuple[str, ...]:  # noqa: ANN401 - None, one, or several
    """Return texts, of which one may stand alone; none for None."""
    if texts is None:
        return ()
    return (texts,) if isinstance(texts, str) else tuple(texts)
