"""Stored results and baselines: files to values, with everything that is wrong with any of them."""

from __future__ import annotations

import os
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from perfengine.errors import SpecError, UsageError
from perfengine.metrics.hdr_codec import decode
from perfengine.stored.baseline import read_baseline
from perfengine.stored.repeats import read_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from perfengine.model.mistake import Mistake
    from perfengine.model.stored import BaselineFile, StoredRun

Value = TypeVar("Value")
#: The largest file. A result of a hundred operations and an hour is a tenth of it.
MAX_BYTES: Final = 256 << 20


def read_baseline_file(path: Path) -> BaselineFile:
    """Return a baseline. Raises: UsageError for a file that cannot be read, SpecError for what is wrong in it."""
    return read_baseline(result_text(path), str(path), decode)


def read_result_files(paths: Sequence[Path]) -> tuple[StoredRun, ...]:
    """Return the runs of the results, of a load that was repeated each repeat.

    Raises: UsageError, SpecError with the mistakes of all files.
    """
    found = _each(paths, lambda path: read_runs(result_text(path), str(path), decode))
    runs = tuple(run for each in found for run in each)
    seen: dict[str, str] = {}
    for run in runs:
        if run.run_id is not None and seen.setdefault(run.run_id, run.label) != run.label:
            raise UsageError(f"{run.label}: holds run {run.run_id}, as {seen[run.run_id]} does: give it once")
    return runs


def result_paths(words: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that names, globs and directories stand for, each once; of a directory its `*.json`.

    Raises: UsageError for a word that stands for none.
    """
    found = [path for word in words for path in _paths_of(word)]
    return tuple(dict.fromkeys(found))


def _paths_of(word: str) -> Iterator[Path]:
    path = Path(word)
    if os.path.isdir(path):  # noqa: PTH112 - that of Path raises where a directory above may not be entered
        names = sorted(each for each in path.glob("*.json") if each.is_file())
        if not names:
            raise UsageError(f"{word}: no *.json in this directory")
        yield from names
    elif os.path.exists(path) or not any(sign in word for sign in "*?["):  # noqa: PTH110 - as above
        yield path
    else:
        names = sorted(map(Path, glob(word)))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not names:
            raise UsageError(f"{word}: matches no file")
        yield from names


def _each(paths: Sequence[Path], read: Callable[[Path], Value]) -> tuple[Value, ...]:
    values: list[Value] = []
    mistakes: list[Mistake] = []
    for path in paths:
        try:
            values.append(read(path))
        except SpecError as error:
            mistakes += error.mistakes
    if mistakes:
        raise SpecError(tuple(mistakes))
    return tuple(values)


def result_text(path: Path) -> str:
    """Return what a file holds. Raises: UsageError for one that cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UsageError(f"{path}: is larger than {MAX_BYTES >> 20} MiB: no result is")
        return data.decode()
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise UsageError(f"{path}: is a directory: give a file in it") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8, and JSON is: byte {error.start + 1}") from None
    except ValueError as error:
        raise UsageError(f"{str(path)!r}: cannot be read: {error}") from None
