"""What `perfengine ab` finds against a real server: nothing, or a slowdown; and nothing is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.integration.ab.comparing import document_of, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

SESSIONS = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"

#: By so much that an attempt which a busy machine holds up in the quick arm, for a second, hides nothing of it.
SLOWER = """
BEGIN;
CREATE OR REPLACE FUNCTION work(n int) RETURNS int LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.02); RETURN n; END $$;
COMMIT;
"""
#: So long that there are enough of these attempts.
SLICES = ("--slice", "200ms")


def test_a_slowdown_is_found(tmp_path: Path, work: Path, compare: Any, onlooker: Onlooker) -> None:
    """Twenty milliseconds that `--after` puts into a function: a confirmed change for the worse, and exit code 1."""
    before = onlooker.everything()
    slower = written(tmp_path / "slower.sql", SLOWER)
    code, stdout, stderr = compare(str(work), "--after", slower, *SLICES)
    assert code == 1, stderr
    assert "times as long as A in work (99% sure: " in stdout.replace("\n  ", "")
    assert "CHANGE worse" in stdout
    assert "8 pairs, 4 of them to confirm, of 2 slices of 0.2 s an arm" in stdout
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


def test_before_makes_the_other_arm_slower(tmp_path: Path, work: Path, compare: Any) -> None:
    """The same SQL given as `--before` is an improvement: exit code 0."""
    slower = written(tmp_path / "slower.sql", SLOWER)
    code, stdout, stderr = compare(str(work), "--before", slower, *SLICES, "--json")
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
    # The lead of each of four slices is no part of the measured time. The end of its last attempt is, which a busy
    # machine makes long: now and then, not in every pair.
    assert min(pair[arm]["work"]["measured"] for pair in pairs for arm in "ab") < 4 * 0.08


def test_pgbench_scripts(tmp_path: Path, compare: Any, onlooker: Onlooker) -> None:
    """The script of B, which waits, stands in the place of that of A; a built-in one is in both. Nothing is left."""
    before = onlooker.everything()
    for folder, text in (("old", ""), ("new", "SELECT pg_sleep(0.02);\n")):
        (tmp_path / folder).mkdir()
        script = "\\set aid random(1, 1000)\nSELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n" + text
        (tmp_path / folder / "visit.sql").write_text(script)
    scripts = (str(tmp_path / folder / "visit.sql@1") for folder in ("old", "new"))
    files = [next(scripts), "--with", next(scripts)]
    mix = ("-b", "select-only@3", "--format", "pgbench", "--warmup", "50ms", *SLICES)
    code, stdout, stderr = compare(*files, *mix, "--json")
    assert code == 1, stderr
    document = document_of(stdout)
    assert list(document["operations"]) == ["mix", "visit", "select-only"]
    mean = document["operations"]["visit"]["metrics"]["mean"]
    assert (mean["verdict"], mean["direction"]) == ("CHANGE", "worse")
    for pair in document["units"]["mix"]["pairs"]:
        assert all(pair[arm][name]["ok"] and not pair[arm][name]["bad"] for arm in "ab" for name in pair[arm])
    assert onlooker.everything() == before
