"""A workload whose function SQL can replace, and what compares it with another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.ab.comparing import SHORT
from tests.integration.cli.conftest import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forked import Forker

WORK = """
workload:
  setup:
    - sql: CREATE FUNCTION work(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n; END'
  ops:
    work:
      sql: SELECT work(:n)
      params: {n: {int: {min: 1, max: 100}}}
      read_only: true
"""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Return a workload of one operation, which calls a function."""
    path = tmp_path / "work.yaml"
    path.write_text(WORK)
    return path


@pytest.fixture
def compare(forking: Forker, tmp_path: Path, inhabited: str) -> Callable[..., tuple[int, str, str]]:
    """Return what runs a comparison in the inhabited database: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        ended = forking.run(["ab", *SHORT, *arguments, "--dsn", inhabited], tmp_path, clean_environment())
        assert "Traceback" not in ended.stderr
        return ended.code, ended.stdout, ended.stderr

    return run
