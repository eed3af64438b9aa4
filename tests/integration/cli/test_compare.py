"""`compare` and `baseline` as the shell sees them; no database is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stored_documents import FINGERPRINT, GUIDE_BASELINE, figures_text, latencies, result_text, write

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Perfengine

SCRIPT = Path(__file__).parents[2] / "fixtures" / "check_performance_regression.py"


def test_two_results(perfengine: Perfengine, tmp_path: Path) -> None:
    """One sentence first, then the table; 1 when something changed for the worse."""
    write(tmp_path, a=result_text({"q": latencies(2)}), b=result_text({"q": latencies(3)}, run=1))
    ended = perfengine("compare", "a.json", "b.json", PYTHONUTF8="1")
    assert (ended.code, ended.stderr) == (1, "")
    assert ended.stdout.startswith("❌ 1 of 1 operation: changed for the worse: q.\n")
    assert perfengine("compare", "b.json", "a.json").code == 0


def test_json_and_reports(perfengine: Perfengine, tmp_path: Path) -> None:
    """JSON alone on stdout; every format into its file."""
    write(tmp_path, a=result_text({"q": latencies(2)}), b=result_text({"q": latencies(3)}, run=1))
    names = ("c.json", "c.txt", "c.xml", "c.md")
    ended = perfengine("compare", "a.json", "b.json", "--json", *(f"--report={name}" for name in names))
    assert json.loads(ended.stdout)["fails"] is True
    assert ended.stderr.splitlines() == [f"written: {name}" for name in names]
    assert all((tmp_path / name).stat().st_size for name in names)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "two results are compared: perfengine compare A B"),
        (("a.json",), "two results are compared"),
        (("a.json", "b.json", "--before", "a.json"), "not both"),
        (("--baseline", "a.json"), "--baseline FILE and --current FILE go together"),
        (("a.json", "none.json"), "none.json: no such file"),
        (("a.json", "b.json", "--report", "x.html"), "--report x.html: unknown ending"),
        (("a.json", "b.json", "--report", "a.json/x.md"), "a.json/x.md: cannot be written"),
        (("a.json", "b.json", "--max-degradation", "inf"), "Invalid value for '--max-degradation'"),
        (("a.json", "broken.json"), "broken.json:1:12: ends in the middle"),
        (("a.json", "other.json"), "have no operation in common"),
    ],
)
def test_wrong_input(perfengine: Perfengine, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """2, and what to do; never a traceback."""
    write(tmp_path, a=figures_text({"q": 1}), b=figures_text({"q": 1}), other=figures_text({"r": 1}))
    write(tmp_path, broken='{"results":')
    ended = perfengine("compare", *words)
    assert ended.code == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("word", ["inf", "1e300"])
def test_a_tolerance_is_a_number(perfengine: Perfengine, tmp_path: Path, word: str) -> None:
    """`baseline save` ended with a traceback for infinity, and wrote what nobody could read for what is near it."""
    write(tmp_path, a=result_text({"q": latencies(2)}))
    ended = perfengine("baseline", "save", "a.json", "-o", "base.json", "--tolerance", word)
    assert (ended.code, ended.stdout) == (2, "")
    assert "is no fraction from 0 on" in ended.stderr
    assert not (tmp_path / "base.json").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device without room")
def test_a_disk_without_room(tmp_path: Path) -> None:
    """It was called a mistake of ours, with a traceback."""
    write(tmp_path, a=figures_text({"q": 1}), b=figures_text({"q": 1}))
    words = [sys.executable, "-m", "perfengine", "compare", "a.json", "b.json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            words, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    said = "perfengine: the output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (3, said)


def test_nothing_comparable(perfengine: Perfengine, tmp_path: Path) -> None:
    """4, with the field; --force compares all the same."""
    write(tmp_path, a=result_text({"q": latencies(2)}))
    write(tmp_path, b=result_text({"q": latencies(3)}, run=1, fingerprint={**FINGERPRINT, "load.users": 50}))
    ended = perfengine("compare", "a.json", "b.json")
    assert ended.code == 4
    assert "- load.users differs: 10, now 50" in ended.stdout
    assert perfengine("compare", "a.json", "b.json", "--force").code == 1


means = st.dictionaries(st.sampled_from(["a", "b c", "d"]), st.floats(0.001, 10), min_size=1)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(means, st.data(), st.floats(0, 0.5))
def test_the_script_s_own_words(
    perfengine: Perfengine, tmp_path: Path, before: dict[str, float], data: st.DataObject, most: float
) -> None:
    """On files of the older shape stdout and exit code are those of the regression script."""
    after = {
        name: mean * data.draw(st.sampled_from([0.5, 1.0, 1.07, 1.33, 2.0])) for name, mean in before.items()
    }
    write(tmp_path, a=figures_text(before), b=figures_text(after))
    words = ["--baseline", "a.json", "--current", "b.json", "--max-degradation", str(most)]
    theirs = subprocess.run(
        [sys.executable, "-X", "utf8", str(SCRIPT), *words],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    ours = perfengine("compare", *words, PYTHONUTF8="1")
    assert (ours.stdout, ours.code) == (theirs.stdout, theirs.returncode)


def test_the_guide_s_baseline_in_a_script(perfengine: Perfengine, tmp_path: Path) -> None:
    """With its comments, which the script itself cannot read; each operation with its own tolerance."""
    slow = {"single_order_confirm": latencies(26), "bulk_order_confirm": latencies(515)}
    write(tmp_path, base=GUIDE_BASELINE, now=result_text(slow))
    ended = perfengine("compare", "--baseline", "base.json", "--current", "now.json", PYTHONUTF8="1")
    lines = ["🚨 Performance regressions detected:", "  single_order_confirm: 11.1% degradation"]
    assert (ended.stdout.splitlines(), ended.code) == (lines, 1)


def test_baseline(perfengine: Perfengine, tmp_path: Path) -> None:
    """Saved, shown, compared against."""
    write(tmp_path, a=result_text({"q": latencies(2)}), b=result_text({"q": latencies(2)}, run=1))
    saved = perfengine("baseline", "save", "a.json", "-o", "base.json")
    assert (saved.code, saved.stdout) == (0, "written: base.json (1 operation, 1 run, 1 session)\n")
    shown = perfengine("baseline", "show", "base.json").stdout
    assert "Runs: 1 in 1 session" in shown
    assert "q            0.0020s" in shown
    assert perfengine("baseline", "save", "b.json", "-o", "base.json", "--add").code == 0
    assert perfengine("compare", "base.json", "b.json").code in {0, 4}
    write(tmp_path, c=result_text({"q": latencies(3)}, run=2))
    assert perfengine("compare", "base.json", "c.json").code == 1


def test_a_baseline_is_no_result(perfengine: Perfengine, tmp_path: Path) -> None:
    """It has `results` for older readers: they were taken for a run of figures alone, on side B and in `save`."""
    write(tmp_path, a=result_text({"q": latencies(2)}))
    assert perfengine("baseline", "save", "a.json", "-o", "base.json").code == 0
    for words in (("compare", "a.json", "base.json"), ("baseline", "save", "base.json", "-o", "again.json")):
        ended = perfengine(*words)
        assert (ended.code, ended.stdout) == (2, "")
        assert "base.json:1:1: is a baseline, where a result is needed" in ended.stderr


def test_what_a_baseline_of_figures_is_worth(perfengine: Perfengine, tmp_path: Path) -> None:
    """Its runs were shown as a session that tells how much it differs from others."""
    write(tmp_path, a=figures_text({"q": 1}))
    assert perfengine("baseline", "save", "a.json", "-o", "base.json").code == 0
    assert (
        "No histograms in it: the tolerance alone decides"
        in perfengine("baseline", "show", "base.json").stdout
    )


def test_fifty_operations(started: Perfengine, tmp_path: Path) -> None:
    """Two results of fifty operations are compared in less than a second, start-up included, on a machine of its own.

    Others use this one too: what counts is the processor time. Fingerprints are as long as real ones.
    """
    names = [f"operation_{number}" for number in range(50)]
    ground = {**FINGERPRINT, **{f"setting.of_the_server_{number}": "a value" for number in range(70)}}
    write(tmp_path, a=result_text({name: latencies(2) for name in names}, fingerprint=ground))
    write(tmp_path, b=result_text({name: latencies(2.001) for name in names}, run=1, fingerprint=ground))
    walls, costs = [], []
    for _ in range(3):
        wall, cost = perf_counter(), children_cpu_s()
        ended = started("compare", "a.json", "b.json")
        walls.append(perf_counter() - wall)
        costs.append(children_cpu_s() - cost)
        assert ended.code in {0, 4}, ended.stderr
    print(f"two results of 50 operations: {min(walls):.2f} s, {min(costs):.2f} s CPU")  # noqa: T201 - pytest -s
    assert min(costs) < 1


def test_comparing_starts_without_scipy(tmp_path: Path) -> None:
    """It would be a third of the time that fifty operations take."""
    write(tmp_path, a=result_text({"q": latencies(2)}), b=result_text({"q": latencies(3)}, run=1))
    program = (
        "import sys; sys.argv[1:] = ['compare', 'a.json', 'b.json']\n"
        "from perfengine.cli.app import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    loaded = set(done.stderr.split())
    assert {"scipy", "asyncpg", "yaml", "perfengine.model.result"}.isdisjoint(loaded)
    assert "perfengine.comparison.effects" in loaded


def children_cpu_s() -> float:
    """Return the processor time of processes that ended."""
    times = os.times()
    return times.children_user + times.children_system
