"""The history on a terminal and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from perfengine.comparison.trends import Grounds, trend_of
from perfengine.model.kept_run import Figure, ListedRun
from perfengine.report.history_json import render_history_json, render_trends_json
from perfengine.report.history_text import render_history
from perfengine.report.trend_text import render_trends
from tests.kept_runs import GROUND, make_kept, make_trend

if TYPE_CHECKING:
    from perfengine.model.trend import TrendSeries
    from tests.conftest import Golden


def listed() -> tuple[ListedRun, ...]:
    """Return runs of all sorts."""
    hostile = replace(make_kept(3), scenario="a\x1b[2Jb, " + "long " * 9, standing="interrupted")
    bare = replace(make_kept(4), rate_per_s=None, p95_s=None, load="")
    return (
        ListedRun(run=make_kept(1), is_comparable=False),
        ListedRun(run=make_kept(2, standing="FAIL"), is_comparable=True),
        ListedRun(run=hostile, is_comparable=True),
        ListedRun(run=bare, is_comparable=True),
    )


def series() -> tuple[TrendSeries, ...]:
    """Return a trend with a step and runs on another ground, one that drifts, and one that nobody measured."""
    rng = np.random.default_rng(1)
    steady = [float(level * np.exp(rng.normal(0, 0.01))) for level in [0.010] * 60 + [0.012] * 40]
    other = {**GROUND, "load.users": 8}
    step = make_trend(steady, [other] * 20 + [GROUND] * 80)
    drift = make_trend([value * 1.006**night for night, value in enumerate(steady[:60])])
    nothing = make_trend([None, None])
    return tuple(trend_of(runs, "order_query", Figure.P95, Grounds()) for runs in (step, drift, nothing))


def test_the_list(golden: Golden) -> None:
    """A line a run, the mark of what is not comparable, and what it means."""
    golden("report/history.txt", render_history(listed()))


def test_an_empty_list() -> None:
    """Says so."""
    assert render_history(()) == "No run was kept yet.\n"
    assert render_trends(()) == "No complete run was kept yet.\n"


def test_trends(golden: Golden) -> None:
    """Sparkline, marks, figures, change points, and what is left out."""
    text = render_trends(series())
    golden("report/trends.txt", text)
    assert max(map(len, text.splitlines())) <= 80


def test_trends_in_ascii(golden: Golden) -> None:
    """The same without signs."""
    text = render_trends(series(), unicode=False)
    golden("report/trends.ascii.txt", text)
    assert text.isascii()


def test_json() -> None:
    """All that is known, in units that are named."""
    runs = json.loads(render_history_json(listed()))["runs"]
    assert [run["comparable"] for run in runs] == [False, True, True, True]
    assert runs[0]["operations"]["order_query"]["p95"] == 0.0123
    first, drift, _ = json.loads(render_trends_json(series()))["series"]
    assert (first["operation"], first["metric"], first["unit"]) == ("order_query", "p95", "s")
    (change,) = first["change_points"]
    assert change["index"] == 60
    assert 0.15 < change["change"] < 0.25
    assert (drift["change_points"], len(drift["drifts"]) > 1) == ([], True)
    assert [point["comparable"] for point in first["points"]] == [False] * 20 + [True] * 80
