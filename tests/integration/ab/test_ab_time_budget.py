"""`perfengine ab --time-budget`: what there was no time for is an open question, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.cli.conftest import clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forked import Forker


def test_there_was_time_for_the_pilot_alone(
    tmp_path: Path, work: Path, forking: Forker, inhabited: str
) -> None:
    """Each operation has its row, and exit code 4; a report without any row said nothing about them."""
    work.write_text(work.read_text() + "    other:\n      sql: SELECT work(2)\n      read_only: true\n")
    nothing = tmp_path / "nothing.sql"
    nothing.write_text("SELECT 1")
    arguments = ["ab", str(work), "--after", str(nothing), "--time-budget", "100ms", "--concurrency", "1"]
    ended = forking.run([*arguments, "--dsn", inhabited], tmp_path, clean_environment())
    assert ended.code == 4, ended.stderr
    stdout = ended.stdout.replace("\n  ", "")
    for name in ("work", "other"):
        assert f"A and B cannot be told apart yet in {name}: needs 10 pairs, has 0." in stdout
        assert f"{name}: its time was over after 0 pairs" in stdout
