"""The page as a file of a run: where, and that a page that cannot be written costs nothing that was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.engine.outputs import html_options, output_paths, write_outputs
from perfengine.errors import PerfengineError, UsageError
from perfengine.model.scenario import Performance, ReportRequest
from perfengine.report.html.options import HtmlOptions
from tests.entities import make_entity, make_scenario
from tests.pages import read_page
from tests.results import make_guide_run


def test_a_scenario_that_asks_for_a_page_has_one() -> None:
    """Without a path at its usual place, with what its options say."""
    reports = (
        ReportRequest(format="html", options={"include_charts": False, "include_plans": True}),
        ReportRequest(format="html", path="mailed.html", options={"include_raw_data": True}),
    )
    scenario = make_scenario(make_entity("order"), performance=Performance(reports=reports))
    usual, mailed = Path("perf-results/performance-report.html"), Path("perf-results/mailed.html")
    assert output_paths(scenario, []) == (usual, mailed)
    assert html_options(scenario) == {
        usual: HtmlOptions(include_charts=False),
        mailed: HtmlOptions(include_raw_data=True),
    }


def test_a_page_is_named_as_one() -> None:
    """So that a browser opens it."""
    scenario = make_scenario(
        make_entity("order"),
        performance=Performance(reports=(ReportRequest(format="html", path="page.json"),)),
    )
    with pytest.raises(UsageError, match=r'"page\.json": the name of a report in html ends in \.html'):
        output_paths(scenario, [])


def test_each_page_of_a_run_holds_what_was_asked_for(tmp_path: Path) -> None:
    """One with the result in it, one without."""
    paths = [tmp_path / "a.html", tmp_path / "b.html"]
    write_outputs(make_guide_run(), paths, html={paths[1]: HtmlOptions(include_raw_data=True)})
    pages = [read_page(path.read_text(encoding="utf-8")) for path in paths]
    assert [page.data("result") is None for page in pages] == [True, False]


def test_a_page_that_cannot_be_written_is_said_in_a_line_and_the_result_is_there(tmp_path: Path) -> None:
    """Whatever the order in which they were asked for."""
    taken = tmp_path / "report.html"
    taken.mkdir()
    with pytest.raises(PerfengineError) as error:
        write_outputs(make_guide_run(), [taken, tmp_path / "result.json"])
    assert str(error.value) == f"{taken} cannot be written: Is a directory"
    assert (tmp_path / "result.json").stat().st_size
