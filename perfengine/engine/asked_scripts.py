"""What is said about pgbench scripts, on a command line or in a call: which files they are, and what wants one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.custom.module import is_python
from perfengine.engine.option_style import OptionStyle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DOCUMENTS: Final = (".yaml", ".yml")
_SQL: Final = re.compile(r"\.sql(@[^/@]*)?$", re.IGNORECASE)
#: How a script is given.
_WAYS: Final = {
    OptionStyle.COMMAND_LINE: "give one with --format pgbench, or -b",
    OptionStyle.ARGUMENTS: 'give one with format="pgbench", or builtins=',
}

#: Documents and Python files, then scripts.
Split = tuple[tuple[str, ...], tuple[str, ...]]


def split_scripts(files: Sequence[str], *, pgbench: bool) -> Split:
    """Return the files that are documents or Python, and those that are scripts.

    With `pgbench` these are all that are neither YAML nor Python; without it nobody said that there are any.
    """
    scripts = tuple(file for file in files if pgbench and _is_neither(file))
    return tuple(file for file in files if file not in scripts), scripts


def split_sql(files: Sequence[str]) -> Split:
    """Return the files that are documents or Python, and those whose name says that they are scripts."""
    return tuple(file for file in files if not _is_sql(file)), tuple(filter(_is_sql, files))


def unsaid_scripts(documents: Sequence[str], style: OptionStyle) -> Iterator[str]:
    """Yield a line for each document that seems to be a script, and nobody said so."""
    for file in filter(_is_sql, documents):
        yield f"{file}: a pgbench script? then say {style.setting('format', 'pgbench')}"


def unused_options(options: Mapping[str, object], style: OptionStyle) -> Iterator[str]:
    """Yield a line for each option that was given, by its name as an argument, where there is no script."""
    for name, value in options.items():
        if value is not None:
            yield f"{style.option(name)}: it is about pgbench scripts: {_WAYS[style]}"


def _is_neither(file: str) -> bool:
    return not file.lower().endswith(_DOCUMENTS) and not is_python(file)


def _is_sql(file: str) -> bool:
    return _SQL.search(file) is not None
