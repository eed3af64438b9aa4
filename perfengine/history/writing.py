"""The index is filled: runs are added, and those whose directory is gone are taken out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from perfengine.history.index import transaction
from perfengine.history.schema import COLUMNS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from perfengine.model.fingerprint import Fingerprint
    from perfengine.model.kept_run import KeptRun

_RUN: Final = "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_OPERATION: Final = f"INSERT INTO operation VALUES ({', '.join('?' * (4 + len(COLUMNS)))})"


def change_runs(connection: sqlite3.Connection, *, added: Iterable[KeptRun], gone: Iterable[str]) -> None:
    """Add runs, and take out those of the directories that are gone. Raises: sqlite3.Error."""
    with transaction(connection):
        connection.executemany("DELETE FROM run WHERE directory = ?", ((each,) for each in gone))
        for run in added:
            connection.execute("DELETE FROM run WHERE directory = ?", (run.directory,))
            _add(connection, run)


def empty(connection: sqlite3.Connection) -> None:
    """Take everything out. Raises: sqlite3.Error."""
    with transaction(connection):
        for table in ("operation", "run", "ground"):
            connection.execute(f"DELETE FROM {table}")


def _add(connection: sqlite3.Connection, run: KeptRun) -> None:
    connection.execute(
        _RUN,
        (
            run.directory,
            run.run_id,
            run.scenario,
            run.started_at,
            run.standing,
            run.ended,
            run.load,
            run.rate_per_s,
            run.p95_s,
            run.commit,
        ),
    )
    connection.executemany(
        _OPERATION,
        (
            (
                run.directory,
                position,
                operation.name,
                _ground_id(connection, operation.ground),
                *(operation.figures.get(figure) for figure in COLUMNS),
            )
            for position, operation in enumerate(run.operations)
        ),
    )


def _ground_id(connection: sqlite3.Connection, fields: Fingerprint) -> int:
    """Return the number of a ground; runs on the same ground share it."""
    text = json.dumps(dict(fields), sort_keys=True)
    connection.execute("INSERT OR IGNORE INTO ground (fields) VALUES (?)", (text,))
    return int(connection.execute("SELECT id FROM ground WHERE fields = ?", (text,)).fetchone()[0])
