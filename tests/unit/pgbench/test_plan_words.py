"""What `compile` prints of scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from perfengine.pgbench.asked import AskedScripts
from perfengine.report.plan import render_plan_sql, render_plan_text
from perfengine.report.plan_json import plan_as_json
from tests.unit.pgbench.test_read import plan_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_plan_shows_scripts(tmp_path: Path) -> None:
    """Their statements with where the values come from, or that they are followed."""
    path = tmp_path / "ask.sql"
    path.write_text("SELECT 1 AS one \\gset\n\\if :one = 1\nSELECT :one;\n\\endif\n")
    plan = plan_of(AskedScripts(builtins=("simple-update",), files=(str(path),), max_tries=3))
    text = render_plan_text(plan)
    for line in (
        "   BEGIN",
        "      1. UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2",
        "         $1: :delta of the script",
        "   tried again at most 2 times after 40001, 40P01",
        "   a pgbench script, followed command by command",
        "      SELECT $1",
    ):
        assert line in text.splitlines()
    sql = render_plan_sql(plan)
    assert 'PREPARE "simple-update_1" AS\nUPDATE pgbench_accounts' in sql
    assert "--      SELECT 1 AS one;" in sql
    operations = json.loads(json.dumps(plan_as_json(plan)))["operations"]
    ask = next(one for one in operations if one["name"] == "ask")
    assert [one["is"] for one in ask["pgbench"]["commands"]] == ["sql", "if"]
    assert ask["pgbench"]["commands"][0]["capture"] == {"prefix": "", "of_one_row": True}
