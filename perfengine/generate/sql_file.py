"""One SQL file: the benchmarks of one pattern of one entity, for psql."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.generate.helpers_sql import helper_parts
from perfengine.generate.names import file_stem, one_line
from perfengine.generate.parents_sql import parent_parts
from perfengine.generate.rows_sql import data_set_part, row_parts
from perfengine.generate.schema_sql import called_functions, schema_parts, search_path_parts
from perfengine.generate.seal import seal_line, sealed
from perfengine.generate.sections_sql import benchmark_parts
from perfengine.model.generated import GeneratedFile
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.generate.workbench import Workbench

_SETTINGS: Final = """\
BEGIN;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL client_min_messages = warning;
-- What would be checked at a commit is checked at once: there is none.
SET CONSTRAINTS ALL IMMEDIATE;
-- The same values each time, as far as they come from random().
DO $do$ BEGIN PERFORM setseed(0.42); END $do$;"""


def sql_file(bench: Workbench) -> GeneratedFile:
    """Return the file of an entity's pattern."""
    name = f"{file_stem(bench.table.name)}_{bench.pattern}_performance.sql"
    parts = [
        "\n".join(_header(bench, name)),
        _SETTINGS,
        *(schema_parts(bench) if bench.given.with_schema else search_path_parts(bench)),
        f"-- The helpers of this file.\nCREATE SCHEMA {bench.schema};",
        *parent_parts(bench),
        *row_parts(bench, bench.table),
        data_set_part(bench),
        *helper_parts(bench),
        _READY,
        *benchmark_parts(bench),
        "-- Everything above is gone with this.\nROLLBACK;",
    ]
    return GeneratedFile(name=name, text=sealed("\n\n".join(parts) + "\n"))


def _header(bench: Workbench, name: str) -> Iterator[str]:
    origin = bench.given.origin
    yield f"-- How fast {one_line(quote_identifier(bench.table.name))} is: {bench.pattern}, timed inside the server."
    yield seal_line("--")
    yield "--"
    yield f"-- Made by perfengine {origin.version} from {one_line(', '.join(origin.paths))}"
    yield f"-- (sha256 {origin.sha256})."
    yield f"-- `{one_line(origin.command)}` makes it anew, and asks first where somebody has edited it."
    yield "--"
    yield f"-- To run it:   psql -q -v ON_ERROR_STOP=1 -f {name}"
    yield from _needs(bench)
    yield from (f"-- {line}".rstrip() for line in _PROMISES.splitlines())
    yield "-- `perfengine run` measures all that, with the same documents."


def _needs(bench: Workbench) -> Iterator[str]:
    yield "-- It needs:    PostgreSQL 13 or newer, and the right to create a schema;"
    if bench.given.with_schema:
        yield "--              tables and functions it brings itself."
        return
    tables = ", ".join(quote_identifier(table.name) for table in (*bench.parents, bench.table))
    yield f"--              on the search path the tables {one_line(tables)}"
    functions = called_functions(bench)
    if functions:
        listed = ", ".join(f"{quote_identifier(one.name)}({one.arguments})" for one in functions)
        yield f"--              and the functions {one_line(listed)}."


_READY: Final = """\
-- Each benchmark begins with the rows that there are now. Those that read come first: rows that
-- were rolled back still lie in the table until a vacuum, and a query would have to pass them.
SAVEPOINT ready;"""

_PROMISES: Final = """\
It leaves:   nothing. All of it is one transaction, and the last line rolls it back: the rows
             that it made, its helpers, and what functions and triggers did meanwhile. The
             same happens where it is stopped on the way. Rows that were there are neither
             changed nor removed. Until it ends, vacuum keeps what it may still see; the space
             that its rows took is free for others after the next vacuum. Numbers that
             sequences gave out meanwhile do not come again.
It tells:    seconds, as one session inside the server sees them.

A function inside one transaction cannot measure
  * a commit: no iteration ends in one, so nothing waits for the disk,
  * the way between application and server, and the driver,
  * other sessions: nobody waits for a lock, a buffer or a processor,
  * what prepared statements save: each iteration parses and plans its statement,
  * time that goes on: now() is the same in all iterations,
  * cleaning up: row versions that an iteration leaves stay until the end of its benchmark.
"""
