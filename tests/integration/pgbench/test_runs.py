"""pgbench scripts on a real server: the built-in ones, and scripts in which something depends on an answer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError
from perfengine.model.settings import LoadSettings
from perfengine.pgbench.asked import AskedScripts
from tests.integration.pgbench.runs import run_scripts, script_files

if TYPE_CHECKING:
    from pathlib import Path

_SUMS = (
    "SELECT (SELECT sum(abalance) FROM pgbench_accounts) AS accounts,"
    " (SELECT sum(tbalance) FROM pgbench_tellers) AS tellers,"
    " (SELECT sum(bbalance) FROM pgbench_branches) AS branches,"
    " (SELECT sum(delta) FROM pgbench_history) AS history,"
    " (SELECT count(*) FROM pgbench_history) AS lines, (SELECT count(*) FROM pgbench_accounts) AS rows"
)


def test_built_in_scripts_keep_the_invariant(database: str, tmp_path: Path) -> None:
    """Balances of all three kinds are what the history says; a mix has its scripts by weight."""
    asked = AskedScripts(builtins=("tpcb-like@3", "select-only@1"))
    settings = LoadSettings(concurrency=4, iterations=400)
    result, (sums,) = run_scripts(database, tmp_path, asked, settings=settings, keep=_SUMS)
    done = {one.operation.name: one.ok for one in result.operations}
    assert done == {"tpcb-like": 300, "select-only": 100}
    assert sums["accounts"] == sums["tellers"] == sums["branches"] == sums["history"] != 0
    assert (sums["lines"], sums["rows"]) == (300, 100_000)


def test_simple_update_changes_accounts_alone(database: str, tmp_path: Path) -> None:
    """It leaves tellers and branches as they are; the scale says how many there are."""
    asked = AskedScripts(builtins=("simple",), scale=2)
    settings = LoadSettings(concurrency=2, iterations=50)
    result, (sums,) = run_scripts(database, tmp_path, asked, settings=settings, keep=_SUMS)
    assert result.operations[0].ok == 50
    assert sums["accounts"] == sums["history"] != 0
    assert (sums["tellers"], sums["branches"], sums["rows"]) == (0, 0, 200_000)


def test_answers_decide_what_comes_next(database: str, tmp_path: Path) -> None:
    r"""\gset keeps a row, \aset the last of several, \if goes where they say, \sleep is part of the latency."""
    script = r"""
\set n random(1, 4)
SELECT count(*) AS found, max(at) AS last, bool_and(odd) AS odd, 2.50::numeric AS price
FROM steps WHERE id <= :n \gset seen_
SELECT id AS latest FROM steps WHERE id <= :n ORDER BY id \aset
\if :seen_found = 1
  \sleep 2 ms
  INSERT INTO said VALUES ('one', :n, :seen_last, :seen_odd, :seen_price);
\elif :seen_found = :n and :latest = :n
  INSERT INTO said VALUES ('all', :latest, :seen_last::timestamptz, :seen_odd, :seen_price);
\else
  INSERT INTO said VALUES ('never', 0, now(), false, 0);
\endif
"""
    result, rows = run_scripts(
        database,
        tmp_path,
        AskedScripts(files=script_files(tmp_path, answers=script)),
        settings=LoadSettings(concurrency=3, iterations=60),
        setup=(
            "CREATE TABLE steps (id int, odd bool, at timestamptz)",
            (
                "INSERT INTO steps SELECT n, n = 1, '2020-01-01'::timestamptz + n * '1 day'::interval"
                " FROM generate_series(1, 4) AS n"
            ),
            "CREATE TABLE said (word text, n int, at timestamptz, odd bool, price numeric)",
        ),
        keep="SELECT *, at - '2020-01-01'::timestamptz = n * '1 day'::interval AS on_day FROM said",
    )
    assert (result.operations[0].ok, len(rows)) == (60, 60), result.operations[0].measurement.failures
    assert {(row["word"], row["odd"]) for row in rows} == {("one", True), ("all", False)}
    assert {row["n"] for row in rows} == {1, 2, 3, 4}
    assert all(row["on_day"] and str(row["price"]) == "2.50" for row in rows)


def test_a_sleep_is_part_of_the_latency(database: str, tmp_path: Path) -> None:
    """As in pgbench, whose transactions are whole scripts."""
    files = script_files(tmp_path, nap="SELECT 1;\n\\sleep 3 ms\nSELECT :word;\n")
    asked = AskedScripts(files=files, definitions=("word=it's",))
    result, _ = run_scripts(database, tmp_path, asked, settings=LoadSettings(concurrency=2, iterations=10))
    (summary,) = result.operations
    assert summary.latency is not None
    assert summary.ok == 10
    assert summary.latency.minimum >= 3_000_000


def test_variables_outlive_a_script(database: str, tmp_path: Path) -> None:
    """A client's variables are its own from attempt to attempt, and from script to script."""
    first = "\\set turn :turn + 1\nINSERT INTO turns VALUES (:client_id, 'first', :turn);\n"
    second = "INSERT INTO turns VALUES (:client_id, 'second', :turn);\n"
    _, rows = run_scripts(
        database,
        tmp_path,
        AskedScripts(files=script_files(tmp_path, first=first, second=second), definitions=("turn=0",)),
        settings=LoadSettings(concurrency=3, iterations=60, processes=2),
        setup=("CREATE TABLE turns (client int, script text, turn int, number serial)",),
        keep="SELECT client, script, turn FROM turns ORDER BY number",
    )
    assert {row["client"] for row in rows} == {0, 1, 2}
    turns = Counter(dict.fromkeys(range(3), 0))
    for client, script, turn in rows:
        turns[client] += script == "first"
        assert turn == turns[client]


def test_serialization_failures_are_tried_again(database: str, tmp_path: Path) -> None:
    """With the same values; each retry is counted, and a script that is tried enough is ok."""
    script = (
        "\\set n random(1, 1000)\nBEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT total FROM purse;\n"
        "\\sleep 1 ms\nUPDATE purse SET total = total + 1, drawn = drawn || :n::int;\nEND;\n"
    )
    asked = AskedScripts(files=script_files(tmp_path, purse=script), max_tries=1000)
    result, (purse,) = run_scripts(
        database,
        tmp_path,
        asked,
        settings=LoadSettings(concurrency=4, iterations=40),
        setup=("CREATE TABLE purse (total int, drawn int[])", "INSERT INTO purse VALUES (0, '{}')"),
        keep="SELECT * FROM purse",
    )
    (summary,) = result.operations
    assert (summary.ok, purse["total"], len(purse["drawn"])) == (40, 40, 40)
    assert summary.measurement.retries["40001"] > 0


def test_what_the_server_refuses_is_said_at_its_place(database: str, tmp_path: Path) -> None:
    """All of it at once, before the load."""
    (path,) = script_files(
        tmp_path, wrong="SELECT 1;\nSELECT nothing,\n  :scale FROM\n  nowhere;\nSELECT sin(:scale, 2);\n"
    )
    with pytest.raises(SpecError) as caught:
        run_scripts(database, tmp_path, AskedScripts(files=(path,)), settings=LoadSettings(iterations=1))
    places = [(one.position.line, one.position.column) for one in caught.value.mistakes]
    assert places == [(4, 3), (5, 8)]


def test_a_script_that_leaves_a_transaction_open_fails(database: str, tmp_path: Path) -> None:
    """Each attempt for itself, and rolled back; a row that was wanted and did not come fails, too."""
    files = script_files(
        tmp_path,
        open="BEGIN;\nINSERT INTO things VALUES (1);\n",
        none="SELECT id FROM things WHERE id < 0 \\gset\n",
    )
    result, (things,) = run_scripts(
        database,
        tmp_path,
        AskedScripts(files=files),
        settings=LoadSettings(concurrency=2, iterations=8),
        setup=("CREATE TABLE things (id int)",),
        keep="SELECT count(*) AS n FROM things",
    )
    failures = {one.error_class for each in result.operations for one in each.measurement.failures}
    assert [one.ok for one in result.operations] == [0, 0]
    assert (failures, things["n"]) == ({"ScriptError"}, 0)
