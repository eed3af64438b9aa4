"""Options that are about pgbench scripts, and what they ask for together."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.pgbench.asked import AskedScripts

_ABOUT_SCRIPTS = "it is about pgbench scripts: give one with --format pgbench, or -b"
_DOCUMENTS = (".yaml", ".yml")


class FileFormat(StrEnum):
    """What the files are that are neither YAML nor Python."""

    PGBENCH = "pgbench"


Format = Annotated[
    FileFormat | None,
    typer.Option(
        "--format",
        help="pgbench: files that are neither YAML nor Python are pgbench scripts: script.sql, or with a weight "
        "script.sql@3.",
        show_default=False,
    ),
]
FilesWithSql = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE...",
        help="Entity and workload documents (YAML), Python files, and pgbench scripts: script.sql, script.sql@3.",
        show_default=False,
    ),
]
Builtin = Annotated[
    list[str] | None,
    typer.Option(
        "--builtin",
        "-b",
        metavar="NAME[@W]",
        help="A script that pgbench has built in: tpcb-like, simple-update, select-only. Repeatable.",
        show_default=False,
    ),
]
Scale = Annotated[
    int | None,
    typer.Option(
        "--scale",
        "-s",
        metavar="N",
        min=1,
        max=1_000_000,
        help="Size of the pgbench tables, where a script names one: 100000 accounts each. Default: 1.",
        show_default=False,
    ),
]
Define = Annotated[
    list[str] | None,
    typer.Option(
        "--define",
        "-D",
        metavar="NAME=VALUE",
        help="A variable that pgbench scripts find set. Repeatable.",
        show_default=False,
    ),
]
MaxTries = Annotated[
    int | None,
    typer.Option(
        "--max-tries",
        metavar="N",
        min=1,
        max=1000,
        help="How often a pgbench script is tried after a serialization failure or a deadlock. Default: once.",
        show_default=False,
    ),
]


def split_scripts(
    files: Sequence[str] | None, form: FileFormat | None, builtins: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the files that are documents or Python, and those that are scripts.

    Raises: UsageError without any file or built-in script, and for a script of which nobody said that it is one.
    """
    from perfengine.custom.module import is_python

    given = _given(files, builtins)
    scripts = tuple(file for file in given if not file.lower().endswith(_DOCUMENTS) and not is_python(file))
    if form is FileFormat.PGBENCH:
        return tuple(file for file in given if file not in scripts), scripts
    for file in filter(_is_sql, scripts):
        raise UsageError(f"{file}: a pgbench script? then say --format pgbench")
    return given, ()


def split_sql(
    files: Sequence[str] | None, builtins: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the files that are documents or Python, and those whose name says that they are scripts.

    Raises: UsageError without any file or built-in script.
    """
    given = _given(files, builtins)
    return tuple(file for file in given if not _is_sql(file)), tuple(filter(_is_sql, given))


def _given(files: Sequence[str] | None, builtins: Sequence[str] | None) -> tuple[str, ...]:
    if not files and not builtins:
        raise UsageError("no file: give entity and workload documents, Python files, or pgbench scripts")
    return tuple(files or ())


def _is_sql(file: str) -> bool:
    return re.search(r"\.sql(@[^/@]*)?$", file, re.IGNORECASE) is not None


def asked_scripts(
    scripts: Sequence[str],
    builtins: Sequence[str] | None,
    scale: int | None,
    definitions: Sequence[str] | None,
    max_tries: int | None,
) -> AskedScripts | None:
    """Return what is asked of scripts; None for none. Raises: UsageError for an option that needs one."""
    from perfengine.pgbench.asked import AskedScripts

    if scripts or builtins:
        return AskedScripts(
            files=tuple(scripts),
            builtins=tuple(builtins or ()),
            definitions=tuple(definitions or ()),
            scale=scale,
            max_tries=max_tries or 1,
        )
    options = {"--scale": scale, "--define": definitions, "--max-tries": max_tries}
    for option, value in options.items():
        if value is not None and value != []:
            raise UsageError(f"{option}: {_ABOUT_SCRIPTS}")
    return None
