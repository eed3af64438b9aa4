"""The index as a file: made where there is none; one that is damaged or older is told from one not ours to touch."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from perfengine.history.schema import APPLICATION, TABLES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: So long a process waits for another that writes.
_PATIENCE_S: Final = 10.0
#: A connection to the index.
Index = sqlite3.Connection
_BESIDE: Final = ("-wal", "-shm", "-journal")


class StrangeIndexError(Exception):
    """A later perfengine made the index, or somebody else a database of this name: it is left as it is."""


class DamagedIndexError(Exception):
    """The file is no database, not whole, or an index of an older perfengine; `str` says which."""


@contextmanager
def opened(path: Path | None) -> Iterator[sqlite3.Connection]:
    """Give a connection to the index, made where there is none; None: to one in memory.

    Raises, also for what the block does: StrangeIndexError, DamagedIndexError, sqlite3.OperationalError when the file
    can be neither read nor made.
    """
    place = ":memory:" if path is None else path
    with damage_told(), closing(sqlite3.connect(place, timeout=_PATIENCE_S, isolation_level=None)) as found:
        _prepare(found)
        yield found


@contextmanager
def damage_told() -> Iterator[None]:
    """Raise DamagedIndexError for what SQLite says of a file that is no database, or not whole."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if _is_damage(error):
            raise DamagedIndexError(str(error)) from error
        raise
    except sqlite3.DatabaseError as error:
        raise DamagedIndexError(str(error)) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do everything in the block or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def set_aside(path: Path) -> None:
    """Move a damaged index out of the way, and remove what SQLite kept beside it. Raises: OSError."""
    path.replace(path.with_name(path.name + ".damaged"))
    for ending in _BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _prepare(connection: sqlite3.Connection) -> None:
    if _is_empty(connection):
        _make(connection)
    found = _pragma(connection, "user_version")
    if _pragma(connection, "application_id") != APPLICATION:
        raise StrangeIndexError("is a database, and no index of perfengine: move it away")
    if found > VERSION:
        raise StrangeIndexError(
            f"was made by a newer perfengine: version {found}, and {VERSION} is read here: update perfengine"
        )
    if found < VERSION:
        raise DamagedIndexError(f"of version {found}, and {VERSION} is read here")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        if _is_empty(connection):  # no other process was quicker
            for statement in TABLES.split(";"):
                connection.execute(statement)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT EXISTS (SELECT 1 FROM sqlite_master)").fetchone()[0]


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _is_damage(error: sqlite3.OperationalError) -> bool:
    """Return whether a table is missing or is another: somebody wrote to the file. All else is no damage of it."""
    return str(error).startswith(("no such table", "no such column"))
