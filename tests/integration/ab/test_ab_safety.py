"""A comparison on a server that others use gives way to them as a run does."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.integration.cli.conftest import clean_environment
from tests.integration.engine.looking import SANDBOXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.forked import Forker
    from tests.integration.engine.looking import Onlooker

WRITING = """
workload:
  safety: {replication_lag: 4MB}
  setup: [CREATE TABLE text (line text)]
  ops:
    write: {sql: "INSERT INTO text SELECT repeat(md5(n::text), 30) FROM generate_series(1, 200) AS n"}
"""


@pytest.fixture
def slot(onlooker: Onlooker) -> Iterator[None]:
    """Have a replication slot from which nobody reads: it keeps all WAL from now on."""
    name = f"perfengine_test_{uuid.uuid4().hex[:8]}"
    onlooker.execute(f"SELECT pg_create_physical_replication_slot('{name}', true)")
    yield
    onlooker.execute(f"SELECT pg_drop_replication_slot('{name}')")


@pytest.mark.usefixtures("slot")
def test_a_comparison_gives_way(forking: Forker, tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """It would take a minute; it is cut off, says why, ends with 3 and leaves nothing."""
    (tmp_path / "writing.yaml").write_text(WRITING)
    (tmp_path / "same.sql").write_text("SELECT 1;\n")
    pace = ("--slice", "200ms", "--slices", "4", "--pairs", "40", "--max-pairs", "40", "--concurrency", "2")
    target = ("--dsn", inhabited, "--allow-target", onlooker.value("SELECT current_database()"))
    words = ["ab", "writing.yaml", "--after", "same.sql", *pace, *target]
    ended = forking.run(words, tmp_path, clean_environment())
    assert ended.code == 3, ended.stderr
    told = " ".join((ended.stdout + ended.stderr).split())
    assert "stopped: a replication slot fell" in told
    assert "behind: replication_lag is 4 MB" in told
    assert onlooker.fetch(SANDBOXES) == []
    onlooker.wait_for_the_last_session()
