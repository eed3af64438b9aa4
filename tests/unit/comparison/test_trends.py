"""Figures over runs: which belong together, and where their level changed."""

from __future__ import annotations

import numpy as np
import pytest

from perfengine.comparison.trends import Grounds, trend_of
from perfengine.model.kept_run import Figure
from tests.kept_runs import GROUND, make_kept, make_trend

OTHER = {**GROUND, "server.version_major": 17}


def levels(*parts: tuple[int, float], deviation: float = 0.01, seed: int = 1) -> list[float]:
    """Return latencies in s about a level after the other."""
    rng = np.random.default_rng(seed)
    return [float(level * np.exp(rng.normal(0, deviation))) for count, level in parts for _ in range(count)]


def test_a_change_point() -> None:
    """With its place, the levels in the unit of the series, and the run."""
    series = trend_of(make_trend(levels((30, 0.010), (10, 0.012))), "order_query", Figure.P95, Grounds())
    (change,) = series.change_points
    assert (series.label, series.unit, change.index) == ("order_query p95", "s", 30)
    assert change.before == pytest.approx(0.010, rel=0.01)
    assert change.after == pytest.approx(0.012, rel=0.01)
    assert change.change == pytest.approx(0.2, abs=0.02)
    assert series.drifts == ()
    assert series.points[change.index].run_id == f"{30:08x}"


def test_another_ground_splits_the_series() -> None:
    """Twenty runs on another server are marked; the jump between the two is no change point, one within them is."""
    values = levels((20, 0.020), (20, 0.025), (20, 0.010), (20, 0.012))
    runs = make_trend(values, [OTHER] * 40 + [GROUND] * 40)
    series = trend_of(runs, "order_query", Figure.P95, Grounds())
    assert [point.is_comparable for point in series.points] == [False] * 40 + [True] * 40
    assert [change.index for change in series.change_points] == [20, 60]


def test_two_loads_that_take_turns() -> None:
    """Each is a series of its own: those of the other do not break it."""
    one, other = levels((40, 0.010), (20, 0.012)), levels((60, 0.1), seed=2)
    values = [value for pair in zip(other, one, strict=True) for value in pair]
    series = trend_of(make_trend(values, [OTHER, GROUND] * 60), "order_query", Figure.P95, Grounds())
    assert [change.index for change in series.change_points] == [81]


def test_a_few_rows_more_are_the_same_ground() -> None:
    """A hard field with a tolerance is compared with it; one that is not known on one side is no difference."""
    nearly = {**GROUND, "rows.order": 1005}
    unknown = {name: value for name, value in GROUND.items() if name != "load.users"}
    series = trend_of(
        make_trend([0.01, 0.01, 0.01], [nearly, unknown, GROUND]), "order_query", Figure.P95, Grounds()
    )
    assert all(point.is_comparable for point in series.points)


def test_what_drifts_is_no_change_point() -> None:
    """A latency that grows a little every night is cut into levels, and those are said to be a trend."""
    drift = [value * 1.006**night for night, value in enumerate(levels((60, 0.010)))]
    series = trend_of(make_trend(drift), "order_query", Figure.P95, Grounds())
    assert series.change_points == ()
    assert series.drifts
    assert series.correlation is not None
    assert series.correlation > 0.2


def test_runs_that_did_not_measure_it() -> None:
    """A run in which the operation failed has no value; one without the operation is not there at all."""
    runs = [*make_trend([0.01, None, 0.02]), make_kept(9, {"order_create": 0.5})]
    series = trend_of(runs, "order_query", Figure.P95, Grounds())
    assert [point.value for point in series.points] == [0.01, None, 0.02]


@pytest.mark.parametrize(
    ("figure", "unit"), [(Figure.THROUGHPUT, "1/s"), (Figure.ERROR_RATE, "fraction"), (Figure.P99, "s")]
)
def test_units(figure: Figure, unit: str) -> None:
    """Of each kind of figure; an error rate that is 0 throughout never changes."""
    series = trend_of(make_trend(levels((30, 0.01), (30, 0.02))), "order_query", figure, Grounds())
    assert series.unit == unit
    assert [change.index for change in series.change_points] == ([] if unit == "fraction" else [30])


def test_an_error_rate_changes_by_a_percentage_point() -> None:
    """Its levels are shares; there is no ratio to 0."""
    runs = make_trend([0.01] * 40)
    rates = [0.0] * 20 + [0.05, 0.05, 0.06, 0.06] * 5
    for run, rate in zip(runs, rates, strict=True):
        run.operations[0].figures[Figure.ERROR_RATE] = rate  # type: ignore[index]  # a test's own dict
    (change,) = trend_of(runs, "order_query", Figure.ERROR_RATE, Grounds()).change_points
    assert (change.index, change.before, change.change) == (20, 0, None)
    assert change.after == pytest.approx(0.055)


def test_grounds_of_whole_runs() -> None:
    """Two runs may be compared when all operations that both have stand on the same ground, and there is one."""
    grounds = Grounds()
    both = make_kept(1, {"order_query": 0.01, "order_create": 0.02})
    assert grounds.may_compare(both, make_kept(2, {"order_query": 0.02}))
    assert not grounds.may_compare(both, make_kept(2, {"order_query": 0.02}, ground=OTHER))
    assert not grounds.may_compare(both, make_kept(2, {"parcel_query": 0.02}))
