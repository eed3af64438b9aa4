"""The tables of the index. Nothing is in it that the directories do not say, so an older one is made anew."""

from __future__ import annotations

from typing import Final

from perfengine.model.kept_run import Figure

#: `PRAGMA user_version`: goes up with every change below, or of which fields of a fingerprint are hard.
VERSION: Final = 1
#: `PRAGMA application_id`: "pfhi".
APPLICATION: Final = 0x70666869

#: The column of each figure.
COLUMNS: Final = {figure: figure.value.replace(".", "_") for figure in Figure}

TABLES: Final = f"""
CREATE TABLE run (
    directory TEXT PRIMARY KEY,
    run_id TEXT NOT NULL,
    scenario TEXT NOT NULL,
    started_at TEXT NOT NULL,
    standing TEXT NOT NULL,
    ended TEXT NOT NULL,
    load TEXT NOT NULL,
    rate_per_s REAL,
    p95_s REAL,
    commit_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX run_in_time ON run (scenario, started_at, directory);
CREATE INDEX run_by_id ON run (run_id);
CREATE TABLE ground (id INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE);
CREATE TABLE operation (
    directory TEXT NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    ground INTEGER NOT NULL REFERENCES ground,
    {", ".join(f'"{column}" REAL' for column in COLUMNS.values())},
    PRIMARY KEY (directory, position)
) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""
