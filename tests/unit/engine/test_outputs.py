"""Result files: which, where, and never half of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfengine.engine import outputs
from perfengine.engine.outputs import REPORT_ENDINGS, as_written, json_of, output_paths, write_outputs
from perfengine.errors import PerfengineError, SpecError, UsageError
from perfengine.model.mistake import Mistake, Position
from perfengine.model.requirement import Metric
from perfengine.model.scenario import Performance, ReportRequest
from tests.builders import make_requirement, make_result, make_summary
from tests.entities import make_entity, make_scenario
from tests.results import make_judged


def asking_for(*reports: ReportRequest) -> Performance:
    """Return settings that ask for reports."""
    return Performance(reports=reports)


def test_files_of_the_command_line_and_of_the_scenario() -> None:
    """Each once; those without a path have their usual places."""
    scenario = make_scenario(
        make_entity("order"),
        make_entity("invoice"),
        performance=asking_for(
            ReportRequest(format="json"),
            ReportRequest(format="json", path="other/result.json"),
            *(ReportRequest(format=word) for word in ("html", "junit", "markdown", "csv", "hlog")),
        ),
    )
    assert output_paths(scenario, [Path("a.json"), Path("a.json"), Path("b.txt")]) == (
        Path("a.json"),
        Path("b.txt"),
        Path("perf-results/performance-results.json"),
        Path("perf-results/other/result.json"),
        Path("perf-results/performance-report.html"),
        *(Path(f"perf-results/performance-results.{ending}") for ending in ("xml", "md", "csv", "hlog")),
    )


def test_an_unknown_ending_is_said_before_the_load() -> None:
    """With the endings there are."""
    with pytest.raises(UsageError, match=r"--report result\.pdf: unknown ending; one of: \.json, \.txt"):
        output_paths(make_scenario(make_entity()), [Path("result.pdf")])


@pytest.mark.parametrize("path", ["../outside.json", "/etc/outside.json", "a/../../outside.json"])
def test_a_scenario_writes_nothing_outside_the_results_directory(path: str) -> None:
    """A file that somebody sent may not choose where we write."""
    scenario = make_scenario(make_entity(), performance=asking_for(ReportRequest(format="json", path=path)))
    with pytest.raises(UsageError, match="leads out of perf-results"):
        output_paths(scenario, [])


def test_files_are_written_whole_and_readable(tmp_path: Path) -> None:
    """Directories are made; nothing else is left beside them."""
    paths = [tmp_path / "new" / "result.json", tmp_path / "new" / "result.txt"]
    assert write_outputs(make_result([make_summary([1_000_000] * 5)]), paths) == paths
    assert json.loads(paths[0].read_text())["version"].startswith("1.")
    assert "Performance Test Results for order" in paths[1].read_text()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["result.json", "result.txt"]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o644}


def test_every_format_has_its_ending(tmp_path: Path) -> None:
    """The longest that fits decides."""
    begins = {
        "a.json": '{\n  "version": "1.0"',
        "a.txt": "Performance Test Results",
        "a.xml": "<?xml ",
        "a.md": "## ",
        "a.html": "<!doctype html>",
        "a.prom": "# HELP perfengine_",
        "a.csv": "run_id,started,operation,",
        "a.series.csv": "run_id,about,subject,phase,time_s",
        "a.hlog": "#[Logged by perfengine ",
        "a.hgrm": "       Value     Percentile TotalCount 1/(1-Percentile)",
        "a.smaller.json": '[\n  {\n    "name": "order.single_order_confirm mean"',
        "a.bigger.json": '[\n  {\n    "name": "order.single_order_confirm throughput"',
    }
    paths = [tmp_path / name for name in begins]
    assert output_paths(make_scenario(make_entity()), paths) == tuple(paths)
    write_outputs(make_result([make_summary([1_000_000] * 5)]), paths)
    assert [path.name for path in paths if not path.read_text().startswith(begins[path.name])] == []
    assert {f".{name.partition('.')[2]}" for name in begins} == set(REPORT_ENDINGS)


def test_strict_reaches_the_file_that_knows_it(tmp_path: Path) -> None:
    """An unproven limit is an error in JUnit then."""
    limit = make_requirement(Metric.P99, 2_000_000)
    result = make_judged([make_summary([1_000_000] * 10)], [limit])
    path = tmp_path / "result.xml"
    write_outputs(result, [path])
    assert "<skipped " in path.read_text()
    write_outputs(result, [path], strict=True)
    assert "<skipped " not in path.read_text()


@pytest.mark.parametrize("name", [".json", ".xml", "json", "result", "result.xml.gz", "result.JSON"])
def test_a_name_without_an_ending_of_ours_is_refused(name: str) -> None:
    """A hidden file of that name has no ending at all."""
    with pytest.raises(UsageError, match="unknown ending"):
        output_paths(make_scenario(make_entity()), [Path(name)])


@pytest.mark.parametrize("path", ["result", "result.xml", "result.smaller.json"])
def test_a_json_report_of_a_scenario_is_called_so(path: str) -> None:
    """It would be rendered as something else."""
    scenario = make_scenario(make_entity(), performance=asking_for(ReportRequest(format="json", path=path)))
    with pytest.raises(
        UsageError, match=r'report path "result.*": the name of a report in json ends in \.json'
    ):
        output_paths(scenario, [])


def test_an_older_file_is_replaced_or_kept(tmp_path: Path) -> None:
    """What cannot be written is named, and what was there before is there still."""
    taken = tmp_path / "result.json"
    taken.mkdir()
    (taken / "inside").write_text("theirs")
    with pytest.raises(PerfengineError, match=r"result\.json cannot be written: "):
        write_outputs(make_result(), [taken])
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert (taken / "inside").read_text() == "theirs"


def test_a_result_that_cannot_be_read_back_is_still_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be our own mistake, and no reason to lose what was measured."""

    def refuse(*_: object) -> None:
        position = Position(path="the result", line=1, column=1)
        raise SpecError((Mistake(position=position, message="is odd"),))

    monkeypatch.setattr(outputs, "read_whole_document", refuse)
    result = make_result([make_summary([1_000_000] * 5)])
    written = as_written(result)
    assert written.text == json_of(result)
    assert written.result.notes == ("perfengine cannot read its own result, please report it: is odd",)
