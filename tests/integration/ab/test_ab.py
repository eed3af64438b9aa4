"""`perfengine ab` against a real server, whatever it finds: rows, a broken file, a signal. Nothing is left behind."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.ab.comparing import document_of, written
from tests.integration.embedded.processes import wait_until
from tests.integration.engine.commands import running
from tests.integration.engine.runs import load_processes
from tests.seed import order_document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

#: Nothing has changed in these tests: what a busy machine adds is no change, either.
NO_ALARM = ("--practical", "100%")


def test_rows_that_are_used_up_are_made_anew(tmp_path: Path, compare: Any, onlooker: Onlooker) -> None:
    """A transition uses its rows up slice after slice; every attempt finds one, and the database agrees."""
    before = onlooker.everything()
    order = written(tmp_path / "order.yaml", order_document())
    nothing = written(tmp_path / "nothing.sql", "SELECT 1")
    chosen = ("--operation", "single_order_confirm", "--data-size", "100")
    code, stdout, stderr = compare(order, "--after", nothing, *chosen, *NO_ALARM, "--json")
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


def test_units_take_turns(tmp_path: Path, work: Path, compare: Any) -> None:
    """Each took its own time. That of all after it was in it, too, and what cleaning up took."""
    two = written(tmp_path / "two.yaml", f"{work.read_text()}    rest: {{sql: SELECT 1, read_only: true}}\n")
    nothing = written(tmp_path / "nothing.sql", "SELECT 1")
    began_s = time.monotonic()
    code, stdout, stderr = compare(two, "--after", nothing, *NO_ALARM, "--json")
    lasted_s = time.monotonic() - began_s
    assert code in {0, 4}, stderr
    took_s = [unit["took"] for unit in document_of(stdout)["units"].values()]
    assert len(took_s) == 2
    assert sum(took_s) <= lasted_s


def test_two_servers_and_a_mix(tmp_path: Path, work: Path, compare: Any, inhabited: str) -> None:
    """A mix is compared as a whole and by operation; both arms may name the same database."""
    mix = work.read_text().replace("workload:", "workload:\n  mode: mix\n  warmup: 100ms") + (
        "    other:\n      sql: SELECT work(2)\n      read_only: true\n"
    )
    file = written(tmp_path / "mix.yaml", mix)
    code, stdout, stderr = compare(file, "--dsn-b", inhabited, *NO_ALARM, "--json")
    assert code in {0, 4}, stderr
    operations = document_of(stdout)["operations"]
    assert list(operations) == ["mix", "work", "other"]
    assert operations["mix"]["metrics"]["mean"]["gating"] is True
    assert operations["other"]["metrics"]["mean"]["gating"] is False


def test_an_index_beside_a_built_in_script(tmp_path: Path, compare: Any) -> None:
    """The SQL of an arm finds the tables of pgbench."""
    index = written(tmp_path / "index.sql", "CREATE INDEX ON pgbench_accounts (bid)")
    code, stdout, stderr = compare("-b", "select-only", "--after", index, *NO_ALARM, "--json")
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
    onlooker.wait_for_the_last_session()


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
        (("--dsn-b", "mysql://x"), "--dsn-b is not a PostgreSQL address"),  # it was called --dsn
    ],
)
def test_what_cannot_be(work: Path, compare: Any, options: tuple[str, ...], words: str) -> None:
    """Said before a server is asked, with exit code 2."""
    code, stdout, stderr = compare(str(work), *options)
    assert (code, stdout) == (2, "")
    assert words in stderr
