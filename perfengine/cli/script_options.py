"""Options that are about pgbench scripts, and what they ask for together."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.engine.asked_scripts import Split
    from perfengine.pgbench.asked import AskedScripts


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
) -> Split:
    """Return the files that are documents or Python, and those that are scripts.

    Raises: UsageError without any file or built-in script, and for scripts of which nobody said that they are.
    """
    return _split(_given(files, builtins), form)


def split_of_b(files: Sequence[str] | None, form: FileFormat | None) -> Split:
    """Return the documents of the other arm of a comparison, and its scripts; it may have neither.

    Raises: UsageError for scripts of which nobody said that they are.
    """
    return _split(tuple(files or ()), form)


def _split(files: tuple[str, ...], form: FileFormat | None) -> Split:
    from perfengine.engine.asked_scripts import split_scripts as split
    from perfengine.engine.asked_scripts import unsaid_scripts
    from perfengine.engine.option_style import OptionStyle

    documents, scripts = split(files, pgbench=form is FileFormat.PGBENCH)
    _refuse(unsaid_scripts(documents, OptionStyle.COMMAND_LINE))
    return documents, scripts


def split_sql(files: Sequence[str] | None, builtins: Sequence[str] | None) -> Split:
    """Return the files that are documents or Python, and those whose name says that they are scripts.

    Raises: UsageError without any file or built-in script.
    """
    from perfengine.engine.asked_scripts import split_sql as split

    return split(_given(files, builtins))


def _given(files: Sequence[str] | None, builtins: Sequence[str] | None) -> tuple[str, ...]:
    if not files and not builtins:
        raise UsageError("no file: give entity and workload documents, Python files, or pgbench scripts")
    return tuple(files or ())


def asked_scripts(
    scripts: Sequence[str],
    builtins: Sequence[str] | None,
    scale: int | None,
    definitions: Sequence[str] | None,
    max_tries: int | None,
) -> AskedScripts | None:
    """Return what is asked of scripts; None for none. Raises: UsageError for options that need one."""
    from perfengine.engine.asked_scripts import unused_options
    from perfengine.engine.option_style import OptionStyle
    from perfengine.pgbench.asked import AskedScripts

    if scripts or builtins:
        return AskedScripts(
            files=tuple(scripts),
            builtins=tuple(builtins or ()),
            definitions=tuple(definitions or ()),
            scale=scale,
            max_tries=max_tries or 1,
        )
    options = {"scale": scale, "define": definitions or None, "max_tries": max_tries}
    _refuse(unused_options(options, OptionStyle.COMMAND_LINE))
    return None


def _refuse(faults: Iterable[str]) -> None:
    lines = [*faults]
    if lines:
        raise UsageError("\n".join(lines))
