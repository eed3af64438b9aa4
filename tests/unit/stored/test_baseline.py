"""Baselines of all shapes are read; ours comes back as it was written, and the older readers take it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.comparison.figures import METRICS
from perfengine.comparison.within import bounds_within
from perfengine.errors import SpecError
from perfengine.metrics.hdr_codec import decode
from perfengine.model.requirement import Metric
from perfengine.stats.hdr import HIGHEST_NS
from perfengine.stored.baseline import read_baseline
from perfengine.stored.baseline_document import render_baseline
from perfengine.stored.sessions import by_session
from tests.builders import STARTED
from tests.stored_documents import GUIDE_BASELINE, figures_text, latencies, result_text, stored_run

if TYPE_CHECKING:
    from perfengine.model.stored import BaselineFile

FIXTURES = Path(__file__).parents[2] / "fixtures"
MS = 1_000_000


def read(text: str) -> BaselineFile:
    """Return the baseline of a text."""
    return read_baseline(text, "base.json", decode)


def saved(*results: str, **tolerances: float) -> str:
    """Return the baseline of several results."""
    runs = by_session(stored_run(text, f"{number}.json") for number, text in enumerate(results))
    return render_baseline(runs, STARTED, tolerances).decode()


def test_the_guide_s_own() -> None:
    """Both operations with mean, p95 and tolerance; comments are passed over."""
    file = read(GUIDE_BASELINE)
    confirm, bulk = file.baseline.operations
    assert dict(confirm.figures) == pytest.approx({Metric.MEAN: 23.4 * MS, Metric.P95: 32.1 * MS})
    assert (confirm.name, confirm.tolerance, confirm.sessions) == ("single_order_confirm", 0.1, ())
    assert (bulk.name, bulk.tolerance) == ("bulk_order_confirm", 0.15)
    assert file.environment == "production-like"
    assert file.timestamp == "2024-01-15T10:00:00Z"
    assert file.baseline.tolerance is None


def test_results_shape() -> None:
    """A mean alone will do; a tolerance of the file is its own."""
    file = read(figures_text({"q": 0.5}, tolerance=0.2))
    assert dict(file.baseline.operations[0].figures) == {Metric.MEAN: 500 * MS}
    assert file.baseline.tolerance == 0.2


def test_a_url_keeps_its_slashes() -> None:
    """In strings there are no comments."""
    assert read(figures_text({"q": 1}, environment="https://ci/1 /* a */") + "// b").environment == (
        "https://ci/1 /* a */"
    )


def test_a_result_is_a_baseline_of_one_run() -> None:
    """With its histograms, in one session."""
    file = read(result_text({"q": latencies(2)}))
    assert len(file.runs) == 1
    assert len(file.baseline.operations[0].sessions) == 1


@given(st.lists(st.lists(st.integers(1, HIGHEST_NS), min_size=1, max_size=20), min_size=1, max_size=4))
def test_round_trip(runs: list[list[int]]) -> None:
    """Save, then read: identical histograms, counts, seconds, fingerprints and sessions."""
    results = [
        result_text({"q": values}, run=number, after=timedelta(minutes=20 * number * number))
        for number, values in enumerate(runs)
    ]
    before = by_session(stored_run(text, f"{number}.json") for number, text in enumerate(results))
    text = saved(*results)
    file = read(text)
    assert [run.sample.operations for run in file.runs] == [run.sample.operations for run in before]
    assert [run.sample.session for run in file.runs] == [run.sample.session for run in before]
    assert render_baseline(file.runs, STARTED, {}).decode() == text


def test_a_baseline_is_as_sure_of_itself_as_the_result() -> None:
    """The bounds of every metric within the run are those that the result itself has."""
    text = result_text({"q": latencies(2)})
    (kept,) = read(saved(text)).baseline.operations[0].sessions[0]
    (own,) = stored_run(text).sample.operations
    assert len(kept.batches) == 10
    for metric in METRICS:
        assert bounds_within(kept, metric, 0.99) == bounds_within(own, metric, 0.99)


def test_figures_of_several_runs_are_those_of_all_attempts() -> None:
    """Mean, deviation and percentiles are not averages of those of the runs."""
    values = [[1 * MS] * 90, [9 * MS] * 10]
    entry = json.loads(saved(*(result_text({"q": each}, run=n) for n, each in enumerate(values))))["results"][
        "q"
    ]
    assert entry["mean"] == pytest.approx(0.0018)
    assert entry["median"] == pytest.approx(0.001, rel=1e-3)
    assert entry["p95"] == pytest.approx(0.009, rel=1e-3)
    assert (entry["min"], entry["max"]) == (0.001, 0.009)
    assert entry["stdev"] == pytest.approx(0.0024121, rel=1e-4)
    assert entry["throughput"] == pytest.approx(100 / 60)
    assert entry["samples"] == entry["iterations"] == 100
    assert entry["metrics"]["mean"] == entry["mean"]


def test_tolerances_are_kept() -> None:
    """An operation keeps its own, others have 0.1."""
    baselines = json.loads(saved(result_text({"a": latencies(1), "b": latencies(2)}), b=0.15))["baselines"]
    assert baselines["a"]["tolerance"] == 0.1
    assert baselines["b"]["tolerance"] == 0.15
    assert set(baselines["a"]) == {"mean", "p95", "tolerance"}


@pytest.mark.parametrize(("factor", "code"), [(1.0, 0), (1.05, 0), (1.2, 1)])
def test_the_older_script_reads_it(tmp_path: Path, factor: float, code: int) -> None:
    """The regression script of the guide takes our baseline and our result."""
    (tmp_path / "base.json").write_text(saved(result_text({"q": latencies(2)})))
    (tmp_path / "now.json").write_text(result_text({"q": latencies(2 * factor)}, run=1))
    script = [sys.executable, "-X", "utf8", str(FIXTURES / "check_performance_regression.py")]
    files = ["--baseline", "base.json", "--current", "now.json"]
    done = subprocess.run([*script, *files], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (code, b"")


def test_the_older_analysis_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The analysis of the guide takes an operation of our baseline that has a target mean."""
    document = json.loads(result_text({"q": latencies(2)}))
    document["results"]["q"]["requirements"] = {"target_mean": 0.01, "max_p95": None, "status": "PASS"}
    entry = json.loads(saved(json.dumps(document)))["results"]["q"]
    space: dict[str, Any] = {}
    exec((FIXTURES / "seed_analysis.py").read_text(), space)  # noqa: S102 - the guide's own
    space["analyze_performance_results"](entry)
    assert capsys.readouterr().out == "🟢 Good performance health: 1.00\n"


def test_figures_stand_flat_or_under_metrics() -> None:
    """Of a result that has them under `metrics` alone a baseline was made that could not be read."""
    text = json.dumps({"results": {"q": {"metrics": {"mean": 0.002, "p95": 0.003, "min": 0}}}})
    (operation,) = read(saved(text)).baseline.operations
    assert dict(operation.figures) == pytest.approx({Metric.MEAN: 2 * MS, Metric.P95: 3 * MS})


def test_what_json_has_no_word_for_is_null() -> None:
    """NaN among limits that are kept as they came ended `baseline save` with a traceback."""
    entry = {"mean": 0.002, "requirements": {"target_mean": float("nan"), "status": "PASS"}}
    kept = json.loads(saved(json.dumps({"results": {"q": entry}})))["results"]["q"]["requirements"]
    assert kept == {"target_mean": None, "status": "PASS"}


def test_there_is_no_comment_in_it() -> None:
    """What we write is JSON, in ASCII, whatever operations are called."""
    text = saved(result_text({"// ü /* q": latencies(2)}))
    assert text.isascii()
    assert list(json.loads(text)["results"]) == ["// ü /* q"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("// nothing", "base.json:1:1: is empty"),
        ("{}", 'is no baseline: there is neither "baselines" nor "results" in it'),
        ('{"baselines": {}}', "baselines: holds no operation"),
        ('{"baselines": {"q": {"p95": 1}}}', "baselines.q.mean: nothing is no mean"),
        ('{"baselines": {"q": {"mean": 0}}}', "base.json:1:30: baselines.q.mean: 0 is no mean"),
        ('{"baselines": {"q": {"mean": 1, "p95": -1}}}', "baselines.q.p95: -1 is no latency"),
        ('{"baselines": {"q": {"mean": NaN}}}', "baselines.q.mean: NaN is no mean"),
        ('{"baselines": {"q": {"mean": 1, "tolerance": "10%"}}}', 'q.tolerance: "10%" is no tolerance'),
        ('{"baselines": {"q": {"mean": 1, "tolerance": -0.1}}}', "q.tolerance: -0.1 is no tolerance"),
        ('{"baselines": {"q": {"mean": 1},\n "q": {"mean": 2}}}', 'base.json:2:2: "q" stands here a second'),
        ('{"version": "2.0", "baselines": {"q": {"mean": 1}}}', "version 2.0 is newer"),
        ('{"baselines": {"q": {"mean": 1}}, "runs": {}}', "runs: is no list of runs"),
        ('{"baselines": {"q": {"mean": 1}}, "runs": [1]}', "runs.0: 1 is no object"),
        (GUIDE_BASELINE[:200], "ends in the middle"),
        (GUIDE_BASELINE.replace("0.0321,", "0.0321"), "base.json:10:7: is not JSON"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    """File, place, what was found; comments do not move the place."""
    with pytest.raises(SpecError) as caught:
        read(text)
    assert said in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but our own exception comes of a text from outside."""
    with pytest.raises(SpecError):
        read(text)
