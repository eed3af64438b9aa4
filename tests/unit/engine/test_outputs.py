"""Result files: which, where, and never half of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfengine.engine.outputs import output_paths, write_outputs
from perfengine.errors import PerfengineError, UsageError
from perfengine.model.scenario import Performance, ReportRequest
from tests.builders import make_result, make_summary
from tests.entities import make_entity, make_scenario


def asking_for(*reports: ReportRequest) -> Performance:
    """Return settings that ask for reports."""
    return Performance(reports=reports)


def test_files_of_the_command_line_and_of_the_scenario() -> None:
    """Each once; JSON without a path has its usual place, and other formats wait for their day."""
    scenario = make_scenario(
        make_entity("order"),
        make_entity("invoice"),
        performance=asking_for(
            ReportRequest(format="json"),
            ReportRequest(format="json", path="other/result.json"),
            ReportRequest(format="html"),
        ),
    )
    assert output_paths(scenario, [Path("a.json"), Path("a.json"), Path("b.txt")]) == (
        Path("a.json"),
        Path("b.txt"),
        Path("perf-results/performance-results.json"),
        Path("perf-results/other/result.json"),
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


def test_an_older_file_is_replaced_or_kept(tmp_path: Path) -> None:
    """What cannot be written is named, and what was there before is there still."""
    taken = tmp_path / "result.json"
    taken.mkdir()
    (taken / "inside").write_text("theirs")
    with pytest.raises(PerfengineError, match=r"result\.json cannot be written: "):
        write_outputs(make_result(), [taken])
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert (taken / "inside").read_text() == "theirs"
