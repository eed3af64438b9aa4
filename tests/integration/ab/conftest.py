"""A workload whose function SQL can replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

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
