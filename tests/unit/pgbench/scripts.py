"""Scripts from text, for tests: what they say, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError
from perfengine.model.transaction import Retry
from perfengine.pgbench.asked import AskedScripts
from perfengine.pgbench.parse import parse_script
from perfengine.pgbench.read import read_scripts
from perfengine.pgbench.settle import settle_scripts
from perfengine.pgbench.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.pgbench import Command, PgbenchScript, Value


def commands_of(text: str) -> tuple[Command, ...]:
    """Return the commands of a script in which nothing is wrong."""
    parsed = parse_script(Source("script.sql", text))
    assert not parsed.mistakes, parsed.mistakes
    return parsed.commands


def settled(*texts: str, **constants: Value) -> tuple[PgbenchScript, ...]:
    """Return scripts as they will be made together."""
    return settle_scripts([commands_of(text) for text in texts], constants, Retry())


def mistakes_in(folder: Path, text: str) -> list[str]:
    """Return what is wrong with a script, as `line:column message`; something must be."""
    path = folder / "script.sql"
    path.write_text(text)
    with pytest.raises(SpecError) as caught:
        read_scripts(AskedScripts(files=(str(path),)))
    assert all(one.position.path == str(path) for one in caught.value.mistakes)
    return [f"{one.position.line}:{one.position.column} {one.message}" for one in caught.value.mistakes]
