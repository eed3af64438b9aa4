"""What the index says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from perfengine.history.schema import COLUMNS
from perfengine.model.kept_run import Figure, KeptOperation, KeptRun

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.fingerprint import Fingerprint

_RUN: Final = (
    "directory, run_id, scenario, started_at, standing, ended, load, rate_per_s, p95_s, commit_id AS 'commit'"
)


def known_directories(connection: sqlite3.Connection) -> set[str]:
    """Return the directories of all runs in the index."""
    return {directory for (directory,) in connection.execute("SELECT directory FROM run")}


def scenario_names(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all scenarios, that of the newest run first."""
    rows = connection.execute(
        "SELECT scenario FROM run GROUP BY scenario ORDER BY max(started_at) DESC, scenario"
    )
    return [name for (name,) in rows]


def operation_names(connection: sqlite3.Connection, scenario: str) -> list[str]:
    """Return the names of all operations that runs of a scenario had."""
    rows = connection.execute(
        "SELECT DISTINCT o.name FROM run JOIN operation o USING (directory) WHERE scenario = ? ORDER BY o.name",
        (scenario,),
    )
    return [name for (name,) in rows]


def runs_called(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return the directories of the runs whose id or directory is the word, else of those that begin with it."""
    exact = "SELECT directory FROM run WHERE run_id = :word OR directory = :word"
    begins = "SELECT directory FROM run WHERE substr(run_id, 1, :length) = :word"
    begins += " OR substr(directory, 1, :length) = :word"
    said = {"word": word, "length": len(word)}
    for query in (exact, begins):
        if found := [directory for (directory,) in connection.execute(f"{query} ORDER BY directory", said)]:
            return found
    return []


def newest_runs(
    connection: sqlite3.Connection,
    *,
    scenario: str | None = None,
    last: int | None = None,
    operations: Sequence[str] | None = None,
    figures: Sequence[Figure] = tuple(Figure),
    complete: bool = False,
    until: str | None = None,
) -> tuple[KeptRun, ...]:
    """Return the newest runs, the oldest of them first; with the operations of these names, None: with all.

    They have the `figures` that were measured, of those that are asked for.
    `until` is an instant as in `KeptRun.started_at`: those that began later are left out.
    """
    asked = {
        "scenario = :scenario": scenario is not None,
        "started_at <= :until": until is not None,
        "ended = 'complete'": complete,
    }
    wanted = " AND ".join(clause for clause, is_asked in asked.items() if is_asked)
    rows = connection.execute(
        f"SELECT {_RUN} FROM run {'WHERE ' if wanted else ''}{wanted} "
        "ORDER BY started_at DESC, directory DESC LIMIT :last",
        {"scenario": scenario, "until": until, "last": -1 if last is None else last},
    )
    names = [column[0] for column in rows.description]
    found = [dict(zip(names, row, strict=True)) for row in rows][::-1]
    by_run = _operations(connection, [each["directory"] for each in found], operations, figures)
    return tuple(KeptRun(**each, operations=tuple(by_run.get(each["directory"], ()))) for each in found)


def _operations(
    connection: sqlite3.Connection,
    directories: Sequence[str],
    names: Sequence[str] | None,
    figures: Sequence[Figure],
) -> Mapping[str, list[KeptOperation]]:
    """Return the operations of the runs; a ground that they share is one object."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS asked (directory TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM asked")
    connection.executemany("INSERT INTO asked VALUES (?)", ((each,) for each in directories))
    chosen = f"WHERE o.name IN ({', '.join('?' * len(names))})" if names is not None else ""
    columns = "".join(f', o."{COLUMNS[figure]}"' for figure in figures)
    rows = connection.execute(
        f"SELECT o.directory, o.name, o.ground{columns} FROM asked JOIN operation o USING (directory) "
        f"{chosen} ORDER BY o.directory, o.position",
        tuple(names or ()),
    ).fetchall()
    grounds = _grounds(connection, {row[2] for row in rows})
    found: dict[str, list[KeptOperation]] = {}
    for directory, name, ground, *values in rows:
        measured = {figure: value for figure, value in zip(figures, values, strict=True) if value is not None}
        operation = KeptOperation(name=name, ground=grounds[ground], figures=measured)
        found.setdefault(directory, []).append(operation)
    return found


def _grounds(connection: sqlite3.Connection, ids: Iterable[int]) -> Mapping[int, Fingerprint]:
    one = "SELECT fields FROM ground WHERE id = ?"
    return {each: json.loads(connection.execute(one, (each,)).fetchone()[0]) for each in ids}
