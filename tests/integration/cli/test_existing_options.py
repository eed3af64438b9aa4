"""Options about existing tables that cannot be together, and Python files that set up beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Perfengine
    from tests.integration.engine.looking import Onlooker

WORKLOAD = """
import perfengine

@perfengine.setup
async def make(client):
    await client.execute("CREATE TABLE public.left_behind (a int)")

@perfengine.operation(read_only=True)
async def look(client):
    await client.fetchval('SELECT count(*) FROM public."order"')
"""


def test_all_that_excludes_each_other_is_said_at_once(perfengine: Perfengine, tmp_path: Path) -> None:
    """Before the files are read, with exit code 2."""
    (tmp_path / "looking.py").write_text(WORKLOAD)
    ended = perfengine("run", "looking.py", "--target", "sandbox", "--read-only", "--rollback")
    assert ended.code == 2
    assert ended.stderr.splitlines() == [
        "perfengine: --read-only is for existing tables: say --target existing, or target: existing in the workload",
        "--rollback is for existing tables: say --target existing, or target: existing in the workload",
        "--read-only and --rollback: with --read-only there is nothing to roll back; give one of them",
    ]


def test_a_file_that_sets_up_is_refused_where_nothing_may_stay(
    perfengine: Perfengine, tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Its table would stay in a run that rolls everything back."""
    before = onlooker.everything()
    (tmp_path / "looking.py").write_text(WORKLOAD)
    for option in ("--read-only", "--rollback"):
        ended = perfengine("run", "looking.py", "--target", "existing", option, "--dsn", inhabited)
        assert (ended.code, ended.stdout) == (2, "")
        assert "setup and teardown in Python (make) may write, and nothing of them is rolled" in ended.stderr
        assert f"not with {option}; put the operations into a file without them" in ended.stderr
    assert onlooker.everything() == before
