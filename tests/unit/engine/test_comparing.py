"""Files are compared: which rule applies, what is said of what is not on both sides, and what cannot be compared."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.baseline_files import save_baseline
from perfengine.engine.comparing import CompareSettings, compare_files
from perfengine.engine.result_files import result_paths
from perfengine.errors import SpecError, UsageError
from perfengine.model.comparison import Answer, Direction, Presence
from perfengine.model.fingerprint import Subject
from perfengine.model.requirement import Metric
from tests.stored_documents import (
    FINGERPRINT,
    GUIDE_BASELINE,
    figures_text,
    latencies,
    result_text,
    with_canary,
    write,
)

if TYPE_CHECKING:
    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import MetricComparison


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def compare(before: str = "a.json", after: str = "b.json", **settings: object) -> ComparisonResult:
    """Return what came of comparing two files."""
    return compare_files([Path(before)], [Path(after)], CompareSettings(**settings))  # type: ignore[arg-type]


def row(compared: ComparisonResult, name: str = "q", metric: Metric = Metric.MEAN) -> MetricComparison:
    """Return one metric of one operation."""
    operation = next(each for each in compared.operations if each.name == name)
    return next(each for each in operation.metrics if each.metric is metric)


def test_two_results() -> None:
    """A third more is a change for the worse, a third less one for the better, and what is alike fails nothing."""
    write(
        Path(),
        a=result_text({"q": latencies(2), "r": latencies(3), "s": latencies(1)}),
        b=result_text({"q": latencies(3), "r": latencies(2), "s": latencies(1)}, run=1),
    )
    compared = compare()
    assert row(compared).answer is Answer.CHANGE
    assert row(compared).direction is Direction.WORSE
    assert row(compared).effect
    assert row(compared, "r").direction is Direction.BETTER
    assert row(compared, "s").answer is not Answer.CHANGE
    assert [operation.name for operation in compared.failing] == ["q"]
    assert [operation.name for operation in compared.better] == ["r"]
    assert compared.before == ("a.json",)


def test_missing_fails_and_new_does_not() -> None:
    """What was measured once and is not any more is a failure, unless that is allowed."""
    write(Path(), a=result_text({"q": latencies(2), "r": latencies(2)}))
    write(Path(), b=result_text({"q": latencies(2), "s": latencies(2)}, run=1))
    compared = compare()
    presences = {operation.name: operation.presence for operation in compared.operations}
    assert presences == {"q": Presence.BOTH, "r": Presence.MISSING, "s": Presence.NEW}
    assert [operation.name for operation in compared.failing] == ["r"]
    assert not compare(allow_missing=True).fails


def test_figures_of_several_runs_are_one_mean() -> None:
    """Of the runs on both sides: of those before only the last one counted, and the others were thrown away."""
    write(Path(), a=figures_text({"q": 0.002}), b=figures_text({"q": 0.004}), c=figures_text({"q": 0.0033}))
    compared = compare_files([Path("a.json"), Path("b.json")], [Path("c.json")], CompareSettings())
    assert row(compared).before == pytest.approx(3_000_000)
    assert not compared.fails


def test_of_another_scenario() -> None:
    """Without an operation in common there is nothing to compare, and both sides are named."""
    write(Path(), a=result_text({"q": latencies(2)}), b=result_text({"r": latencies(2)}, run=1))
    with pytest.raises(UsageError, match=r"a\.json and b\.json have no operation in common") as caught:
        compare()
    assert "a.json: q" in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value", "subject"),
    [
        ("load.model", "open", None),
        ("load.users", 11, None),
        ("rows.order", 1100, None),
        ("operation.sql", "SELECT 2", Subject.SCHEMA),
        ("server.version_major", 17, Subject.VERSION),
    ],
)
def test_hard_differences(field: str, value: str | int, subject: Subject | None) -> None:
    """The field is named and nothing fails; what is under test may differ, and --force overrules."""
    write(Path(), a=result_text({"q": latencies(2)}))
    write(Path(), b=result_text({"q": latencies(3)}, run=1, fingerprint={**FINGERPRINT, field: value}))
    compared = compare()
    assert row(compared).answer is Answer.NOT_COMPARABLE
    assert field in row(compared).reason
    assert not compared.is_judged
    assert compared.is_open
    assert compare(force=True).fails
    if subject:
        assert compare(subjects=(subject,)).fails


def test_soft_differences() -> None:
    """They are said, and the verdict stands."""
    write(Path(), a=result_text({"q": latencies(2)}))
    write(
        Path(),
        b=result_text({"q": latencies(3)}, run=1, fingerprint={**FINGERPRINT, "setting.work_mem": "8MB"}),
    )
    compared = compare()
    assert compared.fails
    assert [difference.name for difference in compared.operations[0].differences] == ["setting.work_mem"]


@pytest.mark.parametrize(
    ("mean", "tolerance", "fails"),
    [
        (0.11, None, False),
        (0.1101, None, True),
        (0.115, 0.2, False),
        (0.104, 0.03, True),
        (0.05, None, False),
    ],
)
def test_figures_alone(mean: float, tolerance: float | None, fails: bool) -> None:
    """Without runs the plain rule decides, strictly above the tolerance, and what it decides is unconfirmed."""
    write(Path(), a=figures_text({"q": 0.1}), b=figures_text({"q": mean}))
    compared = compare(tolerance=tolerance)
    assert compared.fails is fails
    assert row(compared).is_unconfirmed is fails
    assert row(compared).answer is Answer.INCONCLUSIVE
    assert compared.is_judged


@pytest.mark.parametrize(
    ("command_line", "own", "file", "fails"),
    [
        (None, None, None, True),
        (None, None, 0.3, False),
        (None, 0.3, 0.1, False),
        (None, 0.1, 0.3, True),
        (0.3, 0.1, 0.1, False),
        (0.1, 0.3, 0.3, True),
    ],
)
def test_precedence_of_tolerances(
    command_line: float | None, own: float | None, file: float | None, fails: bool
) -> None:
    """Command line, operation, file, 0.10; here 20 % slower."""
    entry = {"mean": 0.1, **({} if own is None else {"tolerance": own})}
    top = {} if file is None else {"tolerance": file}
    write(Path(), a=json.dumps({"baselines": {"q": entry}, **top}), b=figures_text({"q": 0.12}))
    assert compare(tolerance=command_line).fails is fails


def test_the_guide_s_baseline_against_a_result_of_ours() -> None:
    """Mean and p95 are compared by the plain rule."""
    write(Path(), a=GUIDE_BASELINE)
    write(
        Path(), b=result_text({"single_order_confirm": latencies(40), "bulk_order_confirm": latencies(450)})
    )
    compared = compare()
    assert [operation.name for operation in compared.failing] == ["single_order_confirm"]
    metrics = [each.metric for each in compared.operations[0].metrics]
    assert metrics == [Metric.MEAN, Metric.P95]


def test_figures_against_histograms() -> None:
    """Where one side knows figures alone, the mean is compared, and an operation with runs keeps its own rule."""
    write(Path(), a=result_text({"q": latencies(2)}), b=figures_text({"q": 0.004}))
    compared = compare()
    assert compared.fails
    assert [each.metric for each in compared.operations[0].metrics] == [Metric.MEAN]


def test_several_sessions() -> None:
    """From three sessions on they show their own spread: no margin is taken for granted."""
    for side, mean in (("a", 2.0), ("b", 2.2)):
        Path(side).mkdir()
        for number in range(3):
            text = result_text(
                {"q": latencies(mean + number / 1000)},
                run=number + (10 if side == "b" else 0),
                after=timedelta(hours=number),
            )
            (Path(side) / f"{number}.json").write_text(text)
    compared = compare_files(result_paths(["a"]), result_paths(["b/*.json"]), CompareSettings())
    assert row(compared).answer is Answer.CHANGE
    assert row(compared).evidence == (3, 3)
    assert compared.before == ("a/0.json", "a/1.json", "a/2.json")


def test_a_canary_that_moved() -> None:
    """Against three sessions it withholds the verdict; between two results it is said; --force overrules."""
    Path("a").mkdir()
    for number in range(3):
        text = result_text({"q": latencies(2 + number / 1000)}, run=number, after=timedelta(hours=number))
        (Path("a") / f"{number}.json").write_text(with_canary(text, number / 1000))
    slow = result_text({"q": latencies(3)}, run=9, after=timedelta(hours=9))
    write(Path(), same=with_canary(slow), other=with_canary(slow, 0.3))

    def against(name: str, before: str = "a", *, force: bool = False) -> ComparisonResult:
        return compare_files(result_paths([before]), [Path(name)], CompareSettings(force=force))

    still, shifted = against("same.json"), against("other.json")
    assert still.fails
    assert still.canary is not None
    assert abs(still.canary.effect.change) < 0.01
    assert row(shifted).reason.startswith("the environment has shifted: the canary changed by +3")
    assert (shifted.fails, shifted.is_judged) == (False, False)
    assert against("other.json", force=True).fails
    single = against("other.json", "a/0.json")
    assert (single.fails, "the environment has shifted" in row(single).notes[-1]) == (True, True)


def test_a_baseline_has_the_canaries_of_its_runs() -> None:
    """Of those that have one; without any on a side there is none."""
    texts = [result_text({"q": latencies(2)}, run=n, after=timedelta(hours=n)) for n in range(3)]
    write(Path(), a=with_canary(texts[0]), b=texts[1], now=with_canary(texts[2], 0.02))
    save_baseline([Path("a.json"), Path("b.json")], Path("base.json"))
    found = compare("base.json", "now.json").canary
    assert found is not None
    assert found.effect.shift == pytest.approx(0.02)
    assert compare("base.json", "b.json").canary is None


def test_the_same_run_twice_is_no_evidence() -> None:
    """A copy of a result is not another run."""
    text = result_text({"q": latencies(2)})
    write(Path(), a=text, c=text, b=result_text({"q": latencies(2)}, run=1))
    with pytest.raises(UsageError, match=r"c\.json: holds run run-0, as a\.json does"):
        compare_files([Path("a.json"), Path("c.json")], [Path("b.json")], CompareSettings())


def test_mistakes_of_all_files_of_a_side() -> None:
    """They come together."""
    write(Path(), a=figures_text({"q": 0}), c=figures_text({"q": -1}), b=figures_text({"q": 1}))
    with pytest.raises(SpecError) as caught:
        compare_files([Path("a.json"), Path("c.json")], [Path("b.json")], CompareSettings())
    assert [mistake.position.path for mistake in caught.value.mistakes] == ["a.json", "c.json"]


def test_incomplete_results_are_marked() -> None:
    """Whoever compares what was cut short should know."""
    document = json.loads(result_text({"q": latencies(2)}))
    document["incomplete"] = "interrupted"
    write(Path(), a=json.dumps(document), b=result_text({"q": latencies(2)}, run=1))
    assert compare().notes == ("a.json is incomplete: interrupted",)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("nothing.json", "nothing.json: no such file"),
        ("none*.json", "matches no file"),
        ("empty", "no *.json in"),
    ],
)
def test_files_that_are_not_there(word: str, said: str) -> None:
    """Names, globs and directories without a result."""
    Path("empty").mkdir()
    with pytest.raises(UsageError) as caught:
        compare_files(result_paths([word]), result_paths([word]), CompareSettings())
    assert said in str(caught.value)


def test_a_file_that_is_no_text() -> None:
    """Bytes that are not UTF-8 are said to be none."""
    Path("a.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(UsageError, match=r"a\.json: is not UTF-8"):
        compare("a.json", "a.json")


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    """As the shell's `<(...)` is one: to look whether it was a baseline took the result out of it."""
    write(tmp_path, b=result_text({"q": latencies(2)}, run=1))
    os.mkfifo(tmp_path / "a")
    writer = Thread(target=(tmp_path / "a").write_text, args=(result_text({"q": latencies(2)}),))
    writer.start()
    compared = compare_files([tmp_path / "a"], [tmp_path / "b.json"], CompareSettings())
    writer.join()
    assert [one.name for one in compared.operations] == ["q"]
