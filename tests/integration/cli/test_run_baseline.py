"""`run --baseline` against a real server: the section, the key, the exit code; and what is said before the load."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.stored_documents import figures_text, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forked import Ended
    from tests.integration.cli.conftest import Perfengine

PARCEL = "name: parcel\nfields:\n  id: uuid\n  weight: decimal\n"


@pytest.fixture(autouse=True)
def _scenario(tmp_path: Path) -> None:
    (tmp_path / "parcel.yaml").write_text(PARCEL)


def run(perfengine: Perfengine, dsn: str, *words: str) -> Ended:
    """Return how a short run of one operation ended; it has no canary unless the words ask for one."""
    quick = ("--concurrency", "2", "--iterations", "50", "--filter", "parcel_query", "--quiet", "--no-canary")
    return perfengine("run", "parcel.yaml", *quick, "--dsn", dsn, *words, PYTHONUTF8="1")


@pytest.mark.parametrize(
    ("means", "words", "code"),
    [
        ({"parcel_query": 60.0}, (), 0),
        ({"parcel_query": 1e-7}, (), 1),
        ({"parcel_query": 1e-7}, ("--regression-threshold", "1e9"), 0),
        ({"parcel_query": 60.0, "parcel_create": 1e-7}, (), 0),
        ({"parcel_query": 60.0, "parcel_bought": 60.0}, (), 1),
    ],
    ids=["faster", "slower", "tolerated", "what was not selected", "what the scenario has no more"],
)
def test_figures_alone(
    perfengine: Perfengine,
    dsn: str,
    tmp_path: Path,
    means: dict[str, float],
    words: tuple[str, ...],
    code: int,
) -> None:
    """The plain rule decides the exit code."""
    write(tmp_path, base=figures_text(means))
    ended = run(perfengine, dsn, "--baseline", "base.json", "--report", "now.json", *words)
    assert ended.code == code, ended.stdout + ended.stderr
    assert "\nBaseline Comparison:\n" in ended.stdout
    document = json.loads((tmp_path / "now.json").read_text())
    assert document["comparison"]["fails"] is (code == 1)
    assert document["standing"] == ("FAIL" if code else "PASS")


def test_an_earlier_run(perfengine: Perfengine, dsn: str, tmp_path: Path) -> None:
    """Two runs of the same work have the same ground; another number of clients is another load.

    But for the round trip, which a busy machine makes longer.
    """
    assert run(perfengine, dsn, "--report", "first.json", "--canary").code == 0
    ended = run(perfengine, dsn, "--baseline", "first.json", "--json", "--canary")
    compared = json.loads(ended.stdout)["comparison"]
    assert compared["canary"]["lower"] < compared["canary"]["change"] < compared["canary"]["upper"]
    differences = compared["operations"]["parcel_query"]["differences"]
    assert {each["field"] for each in differences if each["class"] != "info"} <= {"target.round_trip"}
    more = run(perfengine, dsn, "--baseline", "first.json", "--concurrency", "3")
    assert more.code == 4
    assert "load.users differs: 2, now 3" in more.stdout
    assert (tmp_path / "first.json").exists()


def test_repeats_are_runs(perfengine: Perfengine, dsn: str) -> None:
    """Three repeats against a stored baseline: three runs of one session, and one operation in the report."""
    assert run(perfengine, dsn, "--report", "first.json").code == 0
    assert perfengine("baseline", "save", "first.json", "-o", "base.json").code == 0
    ended = run(perfengine, dsn, "--baseline", "base.json", "--repeat", "3", "--json", "--report", "now.json")
    document = json.loads(ended.stdout)
    compared = document["comparison"]
    assert [label.split(", ")[1] for label in compared["after"]] == ["repeat 1", "repeat 2", "repeat 3"]
    assert compared["operations"]["parcel_query"]["metrics"]["mean"]["samples"] == [1, 3]
    assert document["results"]["parcel_query"]["samples"] == 3 * 50
    compared = json.loads(perfengine("compare", "base.json", "now.json", "--json").stdout)
    assert compared["operations"]["parcel_query"]["metrics"]["mean"]["samples"] == [1, 3]
    saved = perfengine("baseline", "save", "now.json", "-o", "base.json", "--add", PYTHONUTF8="1")
    assert saved.code == 0
    assert "4 runs" in saved.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"results":', "base.json:1:12: ends in the middle"),
        (figures_text({"order_query": 1}), "have no operation in common"),
        (figures_text({"parcel_query": 0}), "results.parcel_query.mean: 0 is no mean"),
    ],
)
def test_what_is_wrong_is_said_before_the_load(
    perfengine: Perfengine, tmp_path: Path, text: str, said: str
) -> None:
    """2, and no server is looked for."""
    write(tmp_path, base=text)
    ended = run(perfengine, "postgresql://nobody@localhost:1/none", "--baseline", "base.json")
    assert ended.code == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_threshold_needs_a_baseline(perfengine: Perfengine, dsn: str) -> None:
    """Alone it means nothing."""
    ended = run(perfengine, dsn, "--regression-threshold", "0.05")
    assert (ended.code, "add --baseline FILE" in ended.stderr) == (2, True)
