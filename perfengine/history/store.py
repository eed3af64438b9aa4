"""The history as a whole: questions to an index that says what the directories say.

Whoever asks brings the index up to date: runs that are not in it yet are read, those whose directory is gone are
taken out. So nothing is lost when a run could not write to it, when directories were copied or removed, or when the
index is thrown away.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from perfengine.errors import PerfengineError, UsageError
from perfengine.history.index import DamagedIndexError, StrangeIndexError, opened, set_aside
from perfengine.history.layout import RESULT, index_of, run_names, runs_of
from perfengine.history.reading import known_directories
from perfengine.history.writing import change_runs, empty

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfengine.model.kept_run import KeptRun

    #: Returns what is kept of the result in a directory. Raises: PerfengineError.
    Read = Callable[[Path], KeptRun]

Value = TypeVar("Value")


@dataclass(slots=True, kw_only=True)
class History:
    """The runs below a results directory."""

    results: Path
    read: Read
    notes: list[str] = field(default_factory=list)  #: what was found out on the way; a line each

    def ask(self, question: Callable[[sqlite3.Connection], Value], *, anew: bool = False) -> Value:
        """Return the answer of an index that is up to date; `anew`: every run is read again.

        A damaged one is made anew. One that can be neither read nor written is done without: the runs are read.

        Raises: UsageError for an index of a newer perfengine, or of somebody else, and for a directory of runs that
        cannot be read; nothing is changed then.
        """
        path = index_of(self.results)
        try:
            return self._answer(path if self._has_runs() else None, question, anew=anew)
        except StrangeIndexError as error:
            raise UsageError(f"{path} {error}") from error
        except DamagedIndexError as error:
            self.notes.append(f"{path} is damaged ({error}): made anew from the runs")
            return self._asked_again(path, question)
        except (sqlite3.Error, OSError) as error:
            self.notes.append(f"{path} cannot be used ({_why(error)}): the runs are read instead")
            return self._answer(None, question)

    def add(self, directory: Path) -> None:
        """Add a run that was just kept. Whatever goes wrong is a note: the run lies safe in its directory."""
        path = index_of(self.results)
        try:
            try:
                self._add(path, directory)
            except DamagedIndexError as error:
                self.notes.append(f"{path} is damaged ({error}): made anew from the runs")
                set_aside(path)
                self._add(path, directory)
        except (StrangeIndexError, DamagedIndexError, PerfengineError, sqlite3.Error, OSError) as error:
            self.notes.append(f"{path} does not know this run: {_why(error)}; it is kept in {directory}")

    def rebuild(self) -> int:
        """Make the index anew from the directories; return how many runs are in it. Raises: as `ask`."""
        return len(self.ask(known_directories, anew=True))

    def names(self) -> list[str]:
        """Return the names of all directories, the oldest first. Raises: UsageError where they cannot be read."""
        try:
            return run_names(self.results)
        except OSError as error:
            raise UsageError(f"{runs_of(self.results)} cannot be read: {_why(error)}") from error

    def _asked_again(self, path: Path, question: Callable[[sqlite3.Connection], Value]) -> Value:
        try:
            set_aside(path)
            return self._answer(path, question)
        except (StrangeIndexError, DamagedIndexError, sqlite3.Error, OSError) as error:
            self.notes.append(f"{path} cannot be written ({_why(error)}): the runs are read instead")
            return self._answer(None, question)

    def _has_runs(self) -> bool:
        return index_of(self.results).exists() or bool(self.names())

    def _add(self, path: Path, directory: Path) -> None:
        with opened(path) as connection:
            change_runs(connection, added=[self.read(directory)], gone=())

    def _answer(
        self, path: Path | None, question: Callable[[sqlite3.Connection], Value], *, anew: bool = False
    ) -> Value:
        with opened(path) as connection:
            if anew:
                empty(connection)
            self._refresh(connection)
            return question(connection)

    def _refresh(self, connection: sqlite3.Connection) -> None:
        there, known = self.names(), known_directories(connection)
        new, runs = [name for name in there if name not in known], runs_of(self.results)
        added = [run for name in new if (run := self._read(runs / name))]
        gone = known.difference(there)
        if added or gone:
            change_runs(connection, added=added, gone=gone)

    def _read(self, directory: Path) -> KeptRun | None:
        if not (directory / RESULT).is_file():
            self._say(f"{directory} holds no {RESULT}: left out")
            return None
        try:
            return self.read(directory)
        except PerfengineError as error:
            self._say(f"{str(error).splitlines()[0]}: left out")
            return None

    def _say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
