"""What a CI service is told: on GitHub only, and never at the price of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ci import MOST_SUMMARY_BYTES, ci_outputs
from perfengine.model.requirement import Metric
from perfengine.report.markdown import render_markdown
from tests.builders import make_requirement, make_summary
from tests.results import MS, make_guide_run, make_judged, make_troubled_run

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.result import RunResult


def failing() -> RunResult:
    """Return a run with one violated limit, asked for in order.yaml, line 12."""
    return make_judged([make_summary([3 * MS] * 10)], [make_requirement(Metric.MEAN, MS)])


def on_github(workspace: Path, summary: Path | None = None) -> dict[str, str]:
    """Return the environment of a job."""
    asked = {"GITHUB_STEP_SUMMARY": str(summary)} if summary else {}
    return {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(workspace), **asked}


@pytest.mark.parametrize("environ", [{}, {"CI": "true", "GITLAB_CI": "true"}, {"GITHUB_ACTIONS": "false"}])
def test_elsewhere_nothing_is_done(environ: dict[str, str], tmp_path: Path) -> None:
    """Also where a summary is named."""
    summary = tmp_path / "summary.md"
    assert ci_outputs(make_troubled_run(), {**environ, "GITHUB_STEP_SUMMARY": str(summary)}) == []
    assert not summary.exists()


def test_files_are_named_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the command was run."""
    (tmp_path / "perf").mkdir()
    (tmp_path / "perf" / "order.yaml").write_text("")
    monkeypatch.chdir(tmp_path / "perf")
    (line,) = ci_outputs(failing(), on_github(tmp_path))
    assert line.startswith("::error file=perf/order.yaml,line=12,col=9,")


def test_what_is_no_file_there_has_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file elsewhere on the machine, one that is gone, a folder."""
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path)
    environ = on_github(tmp_path / "repository")
    (gone,) = ci_outputs(failing(), environ)
    (tmp_path / "order.yaml").write_text("")
    (outside,) = ci_outputs(failing(), environ)
    assert gone == outside
    assert gone.startswith("::error title=")


def test_strict_makes_errors_of_unproven_limits(tmp_path: Path) -> None:
    """As the exit code does."""
    result = make_judged([make_summary([MS] * 10)], [make_requirement(Metric.P99, 2 * MS)])
    environ = on_github(tmp_path)
    assert ci_outputs(result, environ)[0].startswith("::warning ")
    assert ci_outputs(result, environ, strict=True)[0].startswith("::error ")


def test_the_summary_grows(tmp_path: Path) -> None:
    """A step may run more than one command."""
    summary = tmp_path / "summary.md"
    summary.write_text("theirs\n")
    for _ in range(2):
        assert ci_outputs(make_guide_run(), on_github(tmp_path, summary)) == []
    assert summary.read_text() == "theirs\n" + 2 * render_markdown(make_guide_run())


def test_a_full_summary_is_left_as_it_is(tmp_path: Path) -> None:
    """GitHub would throw all of it away; the run says so and goes on."""
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (MOST_SUMMARY_BYTES - 10))
    (line,) = ci_outputs(make_guide_run(), on_github(tmp_path, summary))
    assert line == f"note: {summary} is full, the summary of this run is not in it"
    assert summary.stat().st_size == MOST_SUMMARY_BYTES - 10


def test_a_summary_that_cannot_be_written_is_a_note(tmp_path: Path) -> None:
    """And no failure of the run."""
    (line,) = ci_outputs(make_guide_run(), on_github(tmp_path, tmp_path / "missing" / "summary.md"))
    assert line.startswith("note: ")
    assert line.endswith(" cannot be written: No such file or directory")
