"""The directory of the raw parts of a run: made beside the file to come, gone with the run, found when it was killed.

Who makes it holds its lock and then marks it as ours. A marked directory whose lock is free is nobody's any more.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.engine.raw_part import is_part

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Of a file of raw attempts.
ENDING: Final = ".csv.gz"
#: The parts of all load processes put together, until they are moved to where the file belongs.
WHOLE: Final = "whole"
_MARKER: Final = ".perfengine-raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLeftovers:
    """What runs that are gone have left."""

    found: tuple[Path, ...] = ()  #: removed, unless nothing was to be
    kept: tuple[tuple[Path, str], ...] = ()  #: what could not be removed, and why


@contextmanager
def raw_directory(path: Path) -> Iterator[Path]:
    """Give a new directory beside the file `path`, for the block. Raises: OSError when it cannot be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    with ExitStack() as stack:
        # where there are no locks it is not marked, and nobody will take it for one that was left
        with suppress(OSError):
            stack.enter_context(_locked(directory))
            (directory / _MARKER).touch()
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        yield directory


def sweep_raw_directories(place: Path, *, dry_run: bool) -> RawLeftovers:
    """Remove, unless `dry_run`, the directories of raw parts in `place` whose runs are gone, and return them.

    Only what is ours is touched: marked, owned by this user, and with nothing in it but raw parts.
    """
    found: list[Path] = []
    kept: list[tuple[Path, str]] = []
    for directory in sorted(place.glob(f".*{ENDING}.*")):
        try:
            if not _is_ours(directory):
                continue
            with _locked(directory):
                if not dry_run:
                    shutil.rmtree(directory)
            found.append(directory)
        except (BlockingIOError, FileNotFoundError):  # its run lives, or has just ended
            continue
        except OSError as error:
            kept.append((directory, error.strerror or str(error)))
    return RawLeftovers(found=tuple(found), kept=tuple(kept))


def _is_ours(directory: Path) -> bool:
    if directory.is_symlink() or not directory.is_dir() or directory.stat().st_uid != os.geteuid():
        return False
    names = {each.name for each in directory.iterdir()}
    return _MARKER in names and all(name in {_MARKER, WHOLE} or is_part(name) for name in names)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the lock of a directory. Raises: BlockingIOError when somebody else does, OSError where there are none."""
    if sys.platform == "win32":
        raise OSError("no lock of a directory")
    from perfengine.embedded.lock import locked  # noqa: PLC0415 - that room is not for Windows

    with locked(directory):
        yield
