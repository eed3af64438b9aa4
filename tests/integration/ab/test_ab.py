"""`perfengine ab` against a real server: nothing, a slowdown, a broken file, a signal; and nothing is left behind."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.conftest import clean_environment
from tests.integration.embedded.processes import wait_until
from tests.integration.engine.commands import running
from tests.integration.engine.runs import load_processes
from tests.seed import order_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forked import Forker
    from tests.integration.engine.looking import Onlooker

pytestmark = pytest.mark.timed

#: As short as it goes: the verdict of so little is not what is tested, unless the change is manifold.
SHORT = ("--slice", "80ms", "--slices", "2", "--pairs", "4", "--max-pairs", "4", "--concurrency", "2")

SESSIONS = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"

SLOWER = """
BEGIN;
CREATE OR REPLACE FUNCTION work(n int) RETURNS int LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.005); RETURN n; END $$;
COMMIT;
"""


@pytest.fixture
def compare(forking: Forker, tmp_path: Path, inhabited: str) -> Callable[..., tuple[int, str, str]]:
    """Return what runs a comparison in the inhabited database: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        ended = forking.run(["ab", *SHORT, *arguments, "--dsn", inhabited], tmp_path, clean_environment())
        assert "Traceback" not in ended.stderr
        return ended.code, ended.stdout, ended.stderr

    return run


def written(path: Path, text: str) -> str:
    """Return the path of a new file with that text."""
    path.write_text(text)
    return str(path)


def document_of(stdout: str) -> dict[str, Any]:
    """Return the JSON document on stdout."""
    document: dict[str, Any] = json.loads(stdout)
    return document


def test_a_slowdown_is_found(tmp_path: Path, work: Path, compare: Any, onlooker: Onlooker) -> None:
    """Five milliseconds that `--after` puts into a function: a confirmed change for the worse, and exit code 1."""
    before = onlooker.everything()
    slower = written(tmp_path / "slower.sql", SLOWER)
    code, stdout, stderr = compare(str(work), "--after", slower)
    assert code == 1, stderr
    assert "times as long as A in work (99% sure: " in stdout.replace("\n  ", "")
    assert "CHANGE worse" in stdout
    assert "8 pairs, 4 of them to confirm, of 2 slices of 0.08 s an arm" in stdout
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


def test_before_makes_the_other_arm_slower(tmp_path: Path, work: Path, compare: Any) -> None:
    """The same SQL given as `--before` is an improvement: exit code 0."""
    slower = written(tmp_path / "slower.sql", SLOWER)
    code, stdout, stderr = compare(str(work), "--before", slower, "--json")
    assert code == 0, stderr
    document = document_of(stdout)
    assert document["verdict"] == "improvement"
    mean = document["operations"]["work"]["metrics"]["mean"]
    assert (mean["verdict"], mean["direction"], mean["confirmed"]) == ("CHANGE", "better", True)
    assert mean["change_lower"] < mean["change"] < mean["change_upper"] < 0
    assert [pair["fresh"] for pair in document["units"]["work"]["pairs"]] == [False] * 4 + [True] * 4


def test_nothing_changed_raises_no_alarm(
    tmp_path: Path, work: Path, compare: Any, onlooker: Onlooker
) -> None:
    """Both arms alike, as few pairs as there can be: no alarm; that it is the same is not proven so quickly.

    Every pair has connections of its own. A campaign on one pair of processes for each comparison once found a change
    of 3 % in 50 pairs where there was none: one process was that much slower as long as it lived.
    """
    nothing = written(tmp_path / "nothing.sql", "-- nothing\nSELECT 1;")
    sessions = onlooker.value(SESSIONS)
    code, stdout, stderr = compare(str(work), "--after", nothing, "--slices", "4", "--json")
    assert code in {0, 4}, stderr
    document = document_of(stdout)
    clients, arms = 2, 2
    onlooker.wait_for(
        f"{SESSIONS} AND sessions - {sessions} >= {clients * arms * len(document['units']['work']['pairs'])}"
    )
    assert document["verdict"] in {"same", "inconclusive"}
    pairs = document["units"]["work"]["pairs"]
    assert len(pairs) >= 4
    assert {pair["order"][half : half + 4] for pair in pairs for half in (0, 4)} <= {"ABBA", "BAAB"}
    for pair in pairs:
        assert all(pair[arm]["work"]["ok"] > 0 and not pair[arm]["work"]["bad"] for arm in "ab")
        # the lead of each of four slices is no part of the measured time, the end of its last attempt is
        assert all(pair[arm]["work"]["measured"] < 4 * 0.08 for arm in "ab")


def test_rows_that_are_used_up_are_made_anew(tmp_path: Path, compare: Any, onlooker: Onlooker) -> None:
    """A transition uses its rows up slice after slice; every attempt finds one, and the database agrees."""
    before = onlooker.everything()
    order = written(tmp_path / "order.yaml", order_document())
    nothing = written(tmp_path / "nothing.sql", "SELECT 1")
    code, stdout, stderr = compare(
        order, "--after", nothing, "--operation", "single_order_confirm", "--data-size", "100", "--json"
    )
    assert code in {0, 4}, stderr
    document = document_of(stdout)
    for pair in document["units"]["single_order_confirm"]["pairs"]:
        for arm in "ab":
            assert pair[arm]["single_order_confirm"]["ok"] > 0
            assert pair[arm]["single_order_confirm"]["bad"] == 0
    assert not [note for note in document["notes"] if "the database holds" in note]
    assert onlooker.everything() == before


def test_the_sql_that_fails_names_itself(
    tmp_path: Path, work: Path, compare: Any, onlooker: Onlooker
) -> None:
    """File, cause and statement; exit code 2, and what it made before it failed is gone."""
    before = onlooker.everything()
    broken = written(
        tmp_path / "broken.sql", "BEGIN; CREATE TABLE half (a int); SELECT nothing_there(1); COMMIT;"
    )
    code, stdout, stderr = compare(str(work), "--after", broken)
    assert (code, stdout) == (2, "")
    assert f"--after {broken}: function nothing_there(integer) does not exist" in stderr
    assert "in: SELECT nothing_there(1);" in stderr
    assert onlooker.everything() == before


def test_an_open_transaction_is_refused(tmp_path: Path, work: Path, compare: Any, onlooker: Onlooker) -> None:
    """What a file does not commit would not be there when it is measured."""
    before = onlooker.everything()
    open_ended = written(tmp_path / "open.sql", "BEGIN; CREATE TABLE half (a int);")
    code, _, stderr = compare(str(work), "--after", open_ended)
    assert code == 2
    assert "it begins a transaction and does not end it: add COMMIT" in stderr
    assert onlooker.everything() == before


def test_an_arm_in_which_nothing_works(tmp_path: Path, work: Path, compare: Any) -> None:
    """The pilot says so, with the cause: nothing is compared."""
    gone = written(tmp_path / "gone.sql", "DROP FUNCTION work(int); CREATE FUNCTION work(n int) RETURNS int "
                   "LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'out of order'; END $$")  # fmt: skip
    code, stdout, stderr = compare(str(work), "--after", gone)
    assert (code, stdout) == (3, "")
    assert "work: no attempt of arm B was ok: out of order" in stderr


def test_two_scenarios_on_other_ground(tmp_path: Path, work: Path, compare: Any) -> None:
    """Another load model in B: not comparable, exit code 4, and nothing is loaded for it."""
    other = work.read_text().replace("workload:", "workload:\n  model: open\n  rate: 100/s")
    code, stdout, _ = compare(str(work), "--with", written(tmp_path / "other.yaml", other))
    assert code == 4
    assert "A and B cannot be compared in work: not the same: load.model, load.rate" in stdout.replace(
        "\n  ", ""
    )


def test_a_missing_operation_fails(tmp_path: Path, work: Path, compare: Any) -> None:
    """What A measures and B does not have is a failure; what is new is said."""
    other = work.read_text().replace("    work:\n      sql", "    labour:\n      sql")
    code, stdout, _ = compare(str(work), "--with", written(tmp_path / "other.yaml", other))
    assert code == 1
    assert "work is missing in B." in stdout
    assert "labour: in B only" in stdout


def test_two_servers_and_a_mix(tmp_path: Path, work: Path, compare: Any, inhabited: str) -> None:
    """A mix is compared as a whole and by operation; both arms may name the same database."""
    mix = work.read_text().replace("workload:", "workload:\n  mode: mix\n  warmup: 100ms") + (
        "    other:\n      sql: SELECT work(2)\n      read_only: true\n"
    )
    code, stdout, stderr = compare(written(tmp_path / "mix.yaml", mix), "--dsn-b", inhabited, "--json")
    assert code in {0, 4}, stderr
    operations = document_of(stdout)["operations"]
    assert list(operations) == ["mix", "work", "other"]
    assert operations["mix"]["metrics"]["mean"]["gating"] is True
    assert operations["other"]["metrics"]["mean"]["gating"] is False


def test_pgbench_scripts(tmp_path: Path, compare: Any, onlooker: Onlooker) -> None:
    """The script of B, which waits, stands in the place of that of A; a built-in one is in both. Nothing is left."""
    before = onlooker.everything()
    for folder, text in (("old", ""), ("new", "SELECT pg_sleep(0.005);\n")):
        (tmp_path / folder).mkdir()
        script = "\\set aid random(1, 1000)\nSELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n" + text
        (tmp_path / folder / "visit.sql").write_text(script)
    scripts = (str(tmp_path / folder / "visit.sql@1") for folder in ("old", "new"))
    files = [next(scripts), "--with", next(scripts)]
    mix = ("-b", "select-only@1", "--format", "pgbench", "--warmup", "50ms")
    code, stdout, stderr = compare(*files, *mix, "--json")
    assert code == 1, stderr
    document = document_of(stdout)
    assert list(document["operations"]) == ["mix", "visit", "select-only"]
    mean = document["operations"]["visit"]["metrics"]["mean"]
    assert (mean["verdict"], mean["direction"]) == ("CHANGE", "worse")
    for pair in document["units"]["mix"]["pairs"]:
        assert all(pair[arm][name]["ok"] and not pair[arm][name]["bad"] for arm in "ab" for name in pair[arm])
    assert onlooker.everything() == before


def test_an_index_beside_a_built_in_script(tmp_path: Path, compare: Any) -> None:
    """The SQL of an arm finds the tables of pgbench."""
    index = written(tmp_path / "index.sql", "CREATE INDEX ON pgbench_accounts (bid)")
    code, stdout, stderr = compare("-b", "select-only", "--after", index, "--json")
    assert code in {0, 4}, stderr
    (name,) = document_of(stdout)["operations"]
    assert name == "select-only"


def test_a_signal_keeps_what_was_measured(
    tmp_path: Path, work: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Whole pairs are shown, marked as incomplete; sandboxes, sessions and load processes are gone."""
    before = onlooker.everything()
    nothing = written(tmp_path / "nothing.sql", "SELECT 1")
    long = ("--slice", "50ms", "--slices", "2", "--pairs", "400", "--max-pairs", "400", "--dsn", inhabited)
    with running(tmp_path, "ab", str(work), "--after", nothing, *long) as command:
        command.wait_until_it_says("work: pair 2:")
        # between two pairs others take their place
        wait_until(lambda: len(load_processes(command.process.pid)) == 2)
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 130, command.stderr
        assert load_processes(command.process.pid) == []
    assert "Incomplete: interrupted." in command.stdout
    assert "A and B cannot be told apart yet in work: needs 400 pairs, has" in command.stdout.replace(
        "\n  ", ""
    )
    assert "Traceback" not in command.stderr
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "nothing makes B differ from A"),
        (
            ("--with", "other.yaml", "--dsn-b", "postgresql:///x"),
            "--dsn-b and --with: one difference at a time",
        ),
        (("--after", "missing.sql"), "--after missing.sql: No such file or directory"),
        (("--with", "other.sql"), "other.sql: a pgbench script? then say --format pgbench"),
        (("--dsn-b", "postgresql:///x", "--slice", "soon"), '--slice: "soon" is not a duration'),
        (("--dsn-b", "postgresql:///x", "--practical", "0"), "--practical 0: every change matters then"),
    ],
)
def test_what_cannot_be(work: Path, compare: Any, options: tuple[str, ...], words: str) -> None:
    """Said before a server is asked, with exit code 2."""
    code, stdout, stderr = compare(str(work), *options)
    assert (code, stdout) == (2, "")
    assert words in stderr
