"""Old runs are removed: only what perfengine made, and only when nothing else lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.history.layout import MARKER, UNFINISHED, runs_of
from perfengine.history.marker import read_marker, strangers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What may be removed, and what stays although it is old."""

    removable: tuple[Path, ...] = ()
    kept: tuple[str, ...] = ()  #: a line for each directory that stays, with the reason
    size_bytes: int = 0  #: of the files in what may be removed


def look_at(directories: Iterable[Path]) -> Pruning:
    """Return which of these directories may be removed."""
    removable, kept, size_bytes = [], [], 0
    for directory in directories:
        try:
            if why := _why_not(directory):
                kept.append(f"{directory} stays: {why}")
                continue
            size_bytes += sum(each.stat().st_size for each in directory.iterdir())
            removable.append(directory)
        except OSError as error:
            kept.append(f"{directory} stays: it cannot be read: {error.strerror or error}")
    return Pruning(removable=tuple(removable), kept=tuple(kept), size_bytes=size_bytes)


def left_behind(results: Path, before_s: float) -> list[Path]:
    """Return directories with our marker that were begun, or half removed, before an instant and never finished.

    `before_s` is in seconds of the epoch.
    """
    runs = runs_of(results)
    hidden = sorted(runs.glob(f"{UNFINISHED}*")) if runs.is_dir() else []
    return [each for each in hidden if read_marker(each) and _changed_before(each, before_s)]


def _changed_before(directory: Path, before_s: float) -> bool:
    try:
        return directory.stat().st_mtime < before_s
    except OSError:  # another process was quicker
        return False


def remove(directories: Sequence[Path]) -> list[str]:
    """Remove directories, each looked at once more; return a line for each that could not be.

    It is moved away first, so that nobody meets half of it.
    """
    failures = []
    for directory in directories:
        try:
            if why := _why_not(directory):
                failures.append(f"{directory} stays: {why}")
                continue
            _remove_files(directory.rename(directory.with_name(f"{UNFINISHED}{directory.name}.removed")))
        except OSError as error:
            failures.append(f"{directory} cannot be removed: {error.strerror or error}")
    return failures


def _remove_files(directory: Path) -> None:
    """Remove a directory of files, the marker last: what was removed by half is known to be ours. Raises: OSError."""
    for each in sorted(directory.iterdir(), key=lambda each: each.name == MARKER):
        each.unlink()
    directory.rmdir()


def _why_not(directory: Path) -> str | None:
    if directory.is_symlink() or not directory.is_dir():
        return "is no directory of its own"
    marker = read_marker(directory)
    if marker is None:
        return "perfengine did not make it"
    others = strangers(directory, marker)
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        return f"holds what perfengine did not write: {others[0]}{more}"
    return None
