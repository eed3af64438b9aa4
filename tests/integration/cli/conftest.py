"""The command as a user calls it: a process of its own, in an empty directory, with a clean environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.forked import Ended

if TYPE_CHECKING:
    from tests.forked import Forker

SCENARIOS = Path(__file__).parents[3] / "scenarios"


class Perfengine(Protocol):
    """Runs `perfengine` with these arguments."""

    def __call__(self, *arguments: str | Path, **environment: str) -> Ended:
        """Return how it ended; `environment` is added to a clean one."""


def clean_environment() -> dict[str, str]:
    """Return our environment without what names a database."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PG") and name not in {"DATABASE_URL", "PERFENGINE_DATABASE_URL"}
    }


@pytest.fixture
def perfengine(forking: Forker, tmp_path: Path) -> Perfengine:
    """Run the command in the test's own directory, in UTF-8, without the start of Python."""

    def call(*arguments: str | Path, **environment: str) -> Ended:
        return forking.run([*map(str, arguments)], tmp_path, {**clean_environment(), **environment})

    return call


@pytest.fixture
def started(tmp_path: Path) -> Perfengine:
    """Run the command in the test's own directory, from the start of Python on: where that is part of the case."""

    def call(*arguments: str | Path, **environment: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "perfengine", *map(str, arguments)],
            cwd=tmp_path,
            env={**clean_environment(), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return call
