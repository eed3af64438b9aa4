"""The last lines of the smaller benchmarks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks.arms.perfengine_result import Result
from benchmarks.intervals import spread_of
from benchmarks.many_clients import observations_of
from benchmarks.process_tree import Memory
from benchmarks.recording import draw_attempts
from benchmarks.report_limit import Observation, conclude

if TYPE_CHECKING:
    from pathlib import Path


def observation(median: float, *, at_least: float | None = None, at_most: float | None = None) -> Observation:
    """Return a figure of three rounds."""
    spread = spread_of([median - 1, median, median + 1])
    return Observation(name="this", unit="s", spread=spread, at_least=at_least, at_most=at_most)


@pytest.mark.parametrize(("median", "holds"), [(2, False), (3, True), (4, True), (5, True), (6, False)])
def test_a_limit_may_have_two_sides(median: float, holds: bool) -> None:
    """Both bounds are inside."""
    assert observation(median, at_least=3, at_most=5).holds is holds


@pytest.mark.parametrize(
    ("median", "floor", "ceiling"), [(2, False, True), (3, True, True), (4, True, False)]
)
def test_a_limit_of_one_side(median: float, floor: bool, ceiling: bool) -> None:
    """The other side is open."""
    assert observation(median, at_least=3).holds is floor
    assert observation(median, at_most=3).holds is ceiling


def test_a_figure_without_a_limit_is_reported() -> None:
    """It cannot be missed, and the line says so."""
    assert observation(4).holds
    assert observation(4).render().endswith("3 times, no limit")


def test_what_is_printed_is_what_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, an entry each, and 1 when a limit is missed."""
    path = tmp_path / "below" / "it.json"
    assert conclude([observation(4, at_most=5), observation(4, at_most=3.5)], path, rounds=[7]) == 1
    held, missed = capsys.readouterr().out.splitlines()
    assert held == "holds  this: 4.00 s [3.00, 5.00], 3 times, at most 5"
    assert missed.startswith("MISSED this")
    document = json.loads(path.read_text())
    assert [each["holds"] for each in document["observations"]] == [True, False]
    assert document["rounds"] == [7]


@pytest.mark.parametrize(
    ("dropped", "megabytes", "holds"),
    [(0, 399, [True, True, True]), (1, 399, [False, True, True]), (0, 401, [True, False, True])],
)
def test_many_clients_are_judged_by_errors_and_memory(
    dropped: int, megabytes: int, holds: list[bool]
) -> None:
    """No attempt may fail; resident memory counts shared pages for each process, proportional memory once."""
    outcomes = dict.fromkeys(("ok", "refused", "error", "timeout", "starved", "unfinished"), 0)
    result = Result(
        operations={
            "account_query": {
                "outcomes": outcomes | {"dropped": dropped},
                "warmup": {"attempts": 0, "failures": 0},
            }
        }
    )
    memory = Memory(rss_bytes=megabytes * 10**6, pss_bytes=300 * 10**6)
    assert [each.holds for each in observations_of(result, memory)] == holds


def test_attempts_of_the_recording_benchmark_go_forward() -> None:
    """Due, begun, connected, ended, in this order: the recorder is given nothing that could not be."""
    attempts = draw_attempts(seed=1)
    assert all(list(each) == sorted(each) for each in attempts)
