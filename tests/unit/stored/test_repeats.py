"""A result of a load that was repeated holds a run for each repeat; they were lost in one run of all attempts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.engine.baseline_files import save_baseline
from perfengine.engine.comparing import CompareSettings, compare_files
from perfengine.errors import SpecError
from perfengine.metrics.hdr_codec import decode
from perfengine.model.comparison import Answer
from perfengine.model.requirement import Metric
from perfengine.stored.repeats import read_runs
from tests.stored_documents import FINGERPRINT, latencies, repeated_text, result_text, with_canary, write

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.comparison import MetricComparison


def three() -> dict[str, Any]:
    """Return the document of three repeats, in the second of which one operation had no ok attempt."""
    slow, quick = latencies(20, 50), latencies(10, 70)
    return dict(
        json.loads(repeated_text({"a": slow, "b": quick}, {"a": quick, "b": []}, {"a": slow, "b": quick}))
    )


def wrong(document: dict[str, Any]) -> str:
    """Return what is said of a document that cannot be read."""
    with pytest.raises(SpecError) as caught:
        read_runs(json.dumps(document, indent=1), "a.json", decode)
    return str(caught.value)


def mean_of(before: Path, after: Path) -> MetricComparison:
    """Return what comparing two results says of the mean of their operation."""
    (operation,) = compare_files([before], [after], CompareSettings()).operations
    return next(row for row in operation.metrics if row.metric is Metric.MEAN)


def test_each_repeat_is_a_run() -> None:
    """With its own counts, and the work, the time and the name of all of them."""
    runs = read_runs(json.dumps(three()), "a.json", decode)
    assert [run.label for run in runs] == [f"a.json, repeat {number}" for number in (1, 2, 3)]
    assert [run.run_id for run in runs] == ["run-0/1", "run-0/2", "run-0/3"]
    assert [[(one.name, one.ok) for one in run.sample.operations] for run in runs] == [
        [("a", 50), ("b", 70)],
        [("a", 70)],
        [("a", 50), ("b", 70)],
    ]
    assert len({(run.started, run.finished) for run in runs}) == 1
    first = runs[0].sample.operations[0]
    assert first.fingerprint == FINGERPRINT
    assert sum(first.response.values()) == sum(batch.ok for batch in first.batches) == 50
    assert [second.mean_ns for second in first.seconds[:3]] == [
        pytest.approx(first.mean_ns),
        pytest.approx(2 * (first.mean_ns or 0)),
        None,
    ]


def test_what_is_of_the_whole_is_said_once() -> None:
    """The canary of the session, and why the last repeat ended early."""
    document = json.loads(with_canary(json.dumps(three())))
    document["incomplete"] = "interrupted"
    runs = read_runs(json.dumps(document), "a.json", decode)
    assert [run.canary is not None for run in runs] == [True, False, False]
    assert [run.incomplete for run in runs] == [None, None, "interrupted"]


def test_a_repeat_without_an_ok_attempt_is_none() -> None:
    """It shows no latency; the others keep their numbers."""
    text = repeated_text({"a": []}, {"a": latencies(10, 70)}, {"a": latencies(11, 70)})
    assert [run.label for run in read_runs(text, "a.json", decode)] == [
        "a.json, repeat 2",
        "a.json, repeat 3",
    ]


def test_a_load_done_once_is_one_run() -> None:
    """Also in a result of before repeats were kept, and in one whose repeats nobody kept."""
    document = json.loads(result_text({"a": latencies(10)}))
    assert document.pop("repeats") == []
    (run,) = read_runs(json.dumps(document), "a.json", decode)
    assert (run.label, run.run_id) == ("a.json", "run-0")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: found.update(repeats=7), "repeats: is no list of repeats"),
        (lambda found: found.update(repeats=[7]), "repeats.0: 7 is no object"),
        (lambda found: found["repeats"][1].pop("results"), "repeats.1.results: nothing is no object"),
        (lambda found: found["repeats"][1]["results"].update(a=[]), "repeats.1.results.a: [] is no object"),
        (
            lambda found: found["repeats"][2]["results"]["b"].update(mean=0),
            "repeats.2.results.b.mean: 0 is no mean",
        ),
        (lambda found: found["repeats"].pop(), "results.a.samples: 170, and its repeats hold 120 attempts"),
        (lambda found: found.update(results=[]), "results: [] is no object"),
    ],
)
def test_wrong_repeats(change: Any, said: str) -> None:
    """Each with its place."""
    document = three()
    change(document)
    assert said in wrong(document)


def test_a_baseline_of_repeats(tmp_path: Path) -> None:
    """Runs of one session; its figures are of all attempts, as those of the result are."""
    repeats = [{"a": latencies(mean, 500)} for mean in (10, 10.05, 9.95)]
    write(tmp_path, now=repeated_text(*repeats))
    saved = save_baseline([tmp_path / "now.json"], tmp_path / "base.json")
    assert (saved.runs, saved.sessions) == (3, 1)
    whole, kept = (json.loads((tmp_path / name).read_text()) for name in ("now.json", "base.json"))
    for name in ("mean", "median", "p95", "p99", "min", "max", "stdev", "throughput", "error_rate"):
        assert kept["results"]["a"][name] == pytest.approx(whole["results"]["a"][name], rel=1e-6), name
    again = mean_of(tmp_path / "base.json", tmp_path / "now.json")
    assert (again.answer, again.evidence) == (Answer.SAME, (3, 3))


def test_repeats_show_more_than_one_run(tmp_path: Path) -> None:
    """Five repeats on each side are five runs on each side; a result is a baseline of its repeats as well."""
    for name, mean in (("before", 10), ("after", 12)):
        repeats = [{"a": latencies(mean + wave / 20, 500)} for wave in range(5)]
        write(tmp_path, **{name: repeated_text(*repeats, run=mean)})
    row = mean_of(tmp_path / "before.json", tmp_path / "after.json")
    assert (row.answer, row.fails, row.evidence) == (Answer.CHANGE, True, (5, 5))
    (operation,) = compare_files(
        [tmp_path / "before.json"], [tmp_path / "after.json"], CompareSettings(), as_baseline=True
    ).operations
    assert operation.metrics[0].evidence == (5, 5)
