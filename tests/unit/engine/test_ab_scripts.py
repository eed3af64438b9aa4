"""pgbench scripts in a paired comparison: what each arm runs, and what it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.database.address import address_of
from perfengine.engine.ab.planning import plan_ab
from perfengine.engine.ab.request import AbRequest
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.engine.target import direct_target
from perfengine.errors import UsageError
from perfengine.pgbench.asked import AskedScripts


def test_what_b_has_none_of_is_as_in_a() -> None:
    """Its scripts take the place of scripts, its documents that of documents."""
    scripts = AskedScripts(files=("visit.sql@2",), builtins=("select-only",), scale=3)
    run = RunRequest(paths=(Path("site.yaml"),), python=("shop.py",), scripts=scripts)
    other = AbRequest(run=run, with_scripts=("new/visit.sql@2",)).run_b
    assert (other.paths, other.python) == (run.paths, run.python)
    assert other.scripts == AskedScripts(files=("new/visit.sql@2",), builtins=("select-only",), scale=3)
    other = AbRequest(run=run, with_paths=(Path("other.yaml"),)).run_b
    assert (other.paths, other.scripts) == ((Path("other.yaml"),), scripts)
    other = AbRequest(run=RunRequest(), with_scripts=("new.sql",)).run_b
    assert other.scripts == AskedScripts(files=("new.sql",))


def test_arms_are_called_by_their_files(tmp_path: Path) -> None:
    """A script of the same name in another folder is the same operation, done in another way."""
    for folder, text in (("old", "SELECT 1;"), ("new", "SELECT 2;")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "visit.sql").write_text(text)
    before, after = (str(tmp_path / folder / "visit.sql") for folder in ("old", "new"))
    run = RunRequest(scripts=AskedScripts(files=(before,)))
    planned = plan_ab(AbRequest(run=run, with_scripts=(after,)))
    assert [arm.label for arm in planned.arms] == [before, after]
    ((first, second),), others = planned.units
    assert (first.name, second.name, others) == ("visit", "visit", ())
    assert first.operations[0].operation != second.operations[0].operation


def test_scripts_of_b_are_one_difference() -> None:
    """Beside another there would be two."""
    with pytest.raises(UsageError, match="--dsn-b and --with: one difference at a time"):
        AbRequest(run=RunRequest(), dsn_b="postgresql:///b", with_scripts=("new.sql",))


def test_what_is_behind_the_pooler_of_a_is_not_behind_that_of_b(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox of B was made on the server that `--direct-dsn`, or the environment, named for A."""
    monkeypatch.setenv("PERFENGINE_DIRECT_URL", "postgresql:///behind_a")
    run = RunRequest(
        scripts=AskedScripts(builtins=("select-only",)), target=TargetRequest(dsn="postgresql:///a")
    )
    b = address_of("postgresql:///b", "--dsn-b", {})
    planned = plan_ab(AbRequest(run=run, dsn_b="postgresql:///b"))
    assert [direct_target(arm.target, b).dsn for arm in planned.arms] == [
        "postgresql:///behind_a",
        "postgresql:///b",
    ]
    of_two = AbRequest(run=run, dsn_b="postgresql:///b", direct_dsn_b="postgresql:///behind_b")
    behind = direct_target(plan_ab(of_two).arms[1].target, b)
    assert (behind.dsn, behind.source) == ("postgresql:///behind_b", "--direct-dsn-b")
    with pytest.raises(UsageError, match="name that with --dsn-b"):
        AbRequest(run=run, direct_dsn_b="postgresql:///behind_b")
