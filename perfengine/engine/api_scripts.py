"""The arguments of `perfengine.run` that are about pgbench scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from perfengine.engine.api_values import files_of, texts_of, whole, word
from perfengine.engine.asked_scripts import split_scripts, unsaid_scripts, unused_options
from perfengine.engine.option_style import OptionStyle
from perfengine.pgbench.asked import AskedScripts

if TYPE_CHECKING:
    from perfengine.engine.api_request import Asked

_PGBENCH: Final = "pgbench"
#: What wants a script.
_ABOUT_SCRIPTS: Final = ("scale", "definitions", "max_tries")


def scripts_of(asked: Asked, faults: list[str]) -> tuple[tuple[str, ...], AskedScripts | None]:
    """Return the files that are documents or Python, and what is asked of scripts, None for none.

    What is wrong is added to `faults`.
    """
    is_pgbench = word("format", asked.format, (_PGBENCH,), faults) is not None
    documents, files = split_scripts(files_of(asked.scenario), pgbench=is_pgbench)
    faults += unsaid_scripts(documents, OptionStyle.ARGUMENTS)
    builtins = texts_of(asked.builtins)
    scale, max_tries = (whole(name, getattr(asked, name), faults) for name in ("scale", "max_tries"))
    definitions = _definitions(asked.definitions or {}, faults)
    if not (files or builtins):
        given = {name: getattr(asked, name) or None for name in _ABOUT_SCRIPTS}
        faults += unused_options(given, OptionStyle.ARGUMENTS)
        return documents, None
    return documents, AskedScripts(
        files=files, builtins=builtins, definitions=definitions, scale=scale, max_tries=max_tries or 1
    )


def _definitions(values: object, faults: list[str]) -> tuple[str, ...]:
    """Return variables as a command line has them: `name=value`."""
    if not isinstance(values, Mapping):
        faults.append(f'definitions {values!r}: write names and their values: {{"limit": 5}}')
        return ()
    for name, value in values.items():
        if not isinstance(value, str | int | float):
            faults.append(f"definitions: {name} {value!r}: write a text or a number")
    return tuple(f"{name}={value}" for name, value in values.items())
