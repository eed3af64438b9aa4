"""The history as commands ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.history import find_run, history_of, list_runs, trends
from perfengine.engine.keeping import keep_run, why_not_kept
from perfengine.engine.outputs import as_written
from perfengine.engine.report_trends import trends_for_report
from perfengine.errors import UsageError
from perfengine.history.index import opened
from perfengine.history.layout import index_of
from perfengine.model.kept_run import Figure
from tests.kept_runs import GROUND, keep, make_kept
from tests.results import make_guide_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Keep runs of two scenarios, one of them on another ground."""
    for day in range(3):
        keep(tmp_path, make_kept(day, ground={**GROUND, "load.users": 8} if day == 0 else GROUND))
    keep(tmp_path, make_kept(0xABCD, {"parcel_query": 0.02}, scenario="parcel"))
    return tmp_path


def test_the_list(results: Path) -> None:
    """The newest last; comparable is asked within a scenario."""
    found = list_runs(history_of(results))
    assert [(each.run.run_id[-4:], each.is_comparable) for each in found] == [
        ("0000", False),
        ("0001", True),
        ("0002", True),
        ("abcd", True),
    ]
    assert [each.run.run_id[-4:] for each in list_runs(history_of(results), scenario="order", last=1)] == [
        "0002"
    ]


@pytest.mark.parametrize("word", ["00000001", "20261002T210400Z-00000001", "20261002", "newest", "0000ab"])
def test_a_run_is_found(results: Path, word: str) -> None:
    """By its id, its directory, the beginning of either, or as the newest."""
    found = find_run(history_of(results), word)
    expected = "0000abcd" if word in {"newest", "0000ab"} else "00000001"
    assert found.parent.name.endswith(expected)


def test_a_word_that_no_file_can_have(results: Path) -> None:
    """Too long for a name: it stands for no run, and was a traceback."""
    with pytest.raises(UsageError, match="there is no run"):
        find_run(history_of(results), "x" * 300)


def test_a_path_is_a_run(results: Path) -> None:
    """As it stands in the line that the run printed."""
    path = next((results / "runs").iterdir())
    assert find_run(history_of(results / "none"), str(path)) == path / "result.json"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("00000003", 'there is no run "00000003" in the history of .*\n   did you mean "0000000'),
        ("zzz", 'there is no run "zzz" in the history of '),
        ("0000000", '"0000000" stands for 3 runs: write more of it'),
    ],
)
def test_a_run_that_there_is_not(results: Path, word: str, said: str) -> None:
    """What was found, and what may have been meant."""
    with pytest.raises(UsageError, match=said):
        find_run(history_of(results), word)


def test_no_run_yet(tmp_path: Path) -> None:
    """Neither the newest nor a trend; the latter is no mistake."""
    with pytest.raises(UsageError, match=r"there is no run in .* yet"):
        find_run(history_of(tmp_path), "newest")
    assert trends(history_of(tmp_path)) == ()


def test_trends_of_a_scenario(results: Path) -> None:
    """Unless said that of the newest run, and all operations that its newest run has; several figures."""
    assert [each.label for each in trends(history_of(results))] == ["parcel_query p95"]
    found = trends(history_of(results), scenario="order", figures=(Figure.P95, Figure.THROUGHPUT))
    assert [each.label for each in found] == ["order_query p95", "order_query throughput"]
    assert [point.is_comparable for point in found[0].points] == [False, True, True]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scenario": "ordr"}, 'there is no scenario "ordr" in the history of .*\n   did you mean "order"'),
        (
            {"scenario": "order", "operation": "order_querry"},
            'there is no operation "order_querry" .*\n   did you mean "order_query"',
        ),
        ({"scenario": "order", "operation": "x"}, 'there is no operation "x" .*: order_query'),
    ],
)
def test_a_word_that_is_not_known(results: Path, asked: dict[str, str], said: str) -> None:
    """Did you mean."""
    with pytest.raises(UsageError, match=said):
        trends(history_of(results), **asked)  # type: ignore[arg-type]  # words by name


def test_a_run_is_kept(tmp_path: Path) -> None:
    """Its directory is named after its start, and the index knows it."""
    kept = keep_run(tmp_path, as_written(make_guide_run()))
    assert kept.directory == tmp_path / "runs" / "20261123T093000Z-20261123T093000-7f3a"
    assert kept.notes == ()
    (listed,) = list_runs(history_of(tmp_path))
    assert (listed.run.scenario, listed.run.standing) == ("order", "PASS")


def test_a_place_where_nothing_can_be_kept(tmp_path: Path) -> None:
    """A line, before the load and after it; no exception."""
    place = tmp_path / "perf-results"
    place.write_text("a file")
    why = why_not_kept(place)
    assert why == f"this run is not kept: {place} is no directory"
    kept = keep_run(place, as_written(make_guide_run()))
    assert kept.directory is None
    assert kept.notes[0].startswith(f"this run is not kept: {place}/runs cannot be written: ")


def test_an_index_that_is_damaged_fails_no_run(tmp_path: Path) -> None:
    """It is made anew, with a line, and the run is in it."""
    (tmp_path / "history.db").write_text("no database at all\n" * 400)
    kept = keep_run(tmp_path, as_written(make_guide_run()))
    assert len(kept.notes) == 1
    assert "is damaged" in kept.notes[0]
    assert len(list_runs(history_of(tmp_path))) == 1


def test_trends_of_a_report(results: Path) -> None:
    """Of what was judged, else of each p95; over the runs up to that of the report."""
    document = {"entities": ["order"], "started": "2026-10-02T21:04:00.000Z", "results": {"order_query": {}}}
    (series,) = trends_for_report(results, document)
    assert (series.label, len(series.points)) == ("order_query p95", 2)
    judgements = [
        {"operation": "order_query", "metric": "requests_per_second"},
        {"operation": None, "metric": "p95"},
        {"operation": "order_query", "metric": "concurrent_users"},
    ]
    later = {**document, "started": "2027-01-01T00:00:00.000Z", "judgements": judgements}
    assert [each.label for each in trends_for_report(results, later)] == ["order_query throughput"]


def test_a_report_without_trends(results: Path) -> None:
    """One run is no trend; neither is a history that is not ours to read."""
    first = {"entities": ["order"], "started": "2026-10-01T21:04:00.000Z", "results": {"order_query": {}}}
    assert trends_for_report(results, first) == ()
    with opened(index_of(results)) as index:
        index.execute("PRAGMA user_version = 99")
    assert trends_for_report(results, {**first, "started": "2027-01-01T00:00:00.000Z"}) == ()
