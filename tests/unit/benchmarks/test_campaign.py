"""The log of the campaign: resumable, and summed up with exact bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.campaign import holds, missing
from benchmarks.campaign_arms import turns_for
from benchmarks.campaign_log import Line, append, read, summary

if TYPE_CHECKING:
    from pathlib import Path


def line(kind: str = "aa", verdict: str = "same", direction: str | None = None) -> Line:
    """Return a comparison."""
    gating: dict[str, Any] = {
        "mean": {"verdict": "CHANGE" if direction else "SAME", "direction": direction},
    }
    return Line(
        kind=kind, started_at="2026-03-01T12:00:00+00:00", took_s=120.0, seed=1, exit_code=0, verdict=verdict,
        gating=gating, pairs=10, load_1min=0.5,
    )  # fmt: skip


def test_lines_are_kept_whatever_comes(tmp_path: Path) -> None:
    """What was appended is read; a line that was cut off when the machine went down is made again."""
    path = tmp_path / "deep" / "campaign.jsonl"
    assert read(path) == []
    append(path, line())
    append(path, line("slow", "regression", "worse"))
    with path.open("a") as file:
        file.write('{"kind": "aa", "sta')
    assert read(path) == [line(), line("slow", "regression", "worse")]


def test_it_goes_on_where_it_was() -> None:
    """What is missing is made, one of each kind in turn."""
    assert list(missing([], 2, 3)) == ["aa", "slow", "aa", "slow", "slow"]
    assert list(missing([line(), line()], 3, 1)) == ["aa", "slow"]
    assert list(missing([line(), line()], 2, 0)) == []


def test_the_summary_has_exact_bounds() -> None:
    """No false alarm in 30 comparisons rules out one in ten; 29 of 30 are at least 85 %."""
    lines = [line()] * 30 + [line("slow", "regression", "worse")] * 29 + [line("slow", "inconclusive")]
    text = "\n".join(summary(lines))
    assert "nothing changed: n = 30, 120 s and 10 pairs each" in text
    assert "false alarms: 0 of 30; at most 9.5% of such comparisons" in text
    assert "SAME: 30 of 30 (100%); at least 90.5%" in text
    assert "conclusive and correct: 29 of 30 (97%); at least 85.1%" in text
    assert "wrong sign: 0 of 30; at most 9.5%" in text
    assert holds(lines)


@pytest.mark.parametrize(
    "lines",
    [
        [line(verdict="improvement")],
        [line(verdict="regression")],
        [line(verdict="inconclusive")] * 2 + [line()],
        [line("slow", "inconclusive")],
        [line("slow", "regression", "worse")] * 20 + [line("slow", "improvement", "better")],
    ],
)
def test_targets_that_are_missed(lines: list[Line]) -> None:
    """Any false alarm, fewer than half SAME, fewer than nine in ten found, any wrong sign."""
    assert not holds(lines)


def test_turns() -> None:
    """Five percent of the whole call, round trip included, not of the loop alone."""
    assert turns_for(2e6, (100_000, 20.0)) == 95_000
    assert turns_for(2.1e6, (100_000, 20.0)) == 100_000
