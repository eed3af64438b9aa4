"""How much runs differ."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.comparison.stability import judge_stability, label_outliers
from perfengine.model.stability import OutlierLabel
from perfengine.model.verdict import Verdict
from perfengine.stats.student import sample_deviation


def with_variation(variation: float, runs: int) -> list[float]:
    """Return values of mean 100 with that coefficient of variation."""
    shape = [(-1.0) ** n for n in range(runs)]
    center = sum(shape) / runs
    deviation = sample_deviation(shape)
    return [100 * (1 + variation * (value - center) / deviation) for value in shape]


@pytest.mark.parametrize(
    ("variation", "runs", "verdict"),
    [
        (0.042, 5, Verdict.PASS),
        (0.043, 5, Verdict.UNPROVEN),
        (0.0605, 10, Verdict.PASS),
        (0.062, 10, Verdict.UNPROVEN),
        (0.12, 5, Verdict.UNPROVEN),  # beyond, and not proven to be
        (0.16, 5, Verdict.FAIL),
        (0.01, 4, Verdict.UNPROVEN),  # too few to say
    ],
)
def test_ten_percent(variation: float, runs: int, verdict: Verdict) -> None:
    """Less than 10 % is proven by the upper bound, refuted by the lower one."""
    found = judge_stability(with_variation(variation, runs))
    assert found.verdict is verdict
    assert found.variation == pytest.approx(variation)


def test_figures() -> None:
    """Five runs by hand: mean 102, deviation 1.58, range 4 over a median of 102."""
    found = judge_stability([100, 101, 102, 103, 104])
    assert found.variation == pytest.approx(1.5811 / 102, rel=1e-4)
    assert found.variation_upper == pytest.approx(2.372 * 1.5811 / 102, rel=1e-3)
    assert found.spread == pytest.approx(4 / 102)
    assert (found.runs, found.limit, found.detail) == (5, 0.10, "")


def test_what_is_missing() -> None:
    """An open verdict says how many runs would do, or that none would."""
    assert judge_stability(with_variation(0.06, 5)).detail == "needs 10 runs at this variation, has 5"
    assert judge_stability(with_variation(0.01, 3)).detail == "needs 5 runs at this variation, has 3"
    hopeless = judge_stability(with_variation(0.11, 5))
    assert (hopeless.needed, hopeless.detail) == (
        None,
        "no number of runs proves the limit at this variation",
    )


@pytest.mark.parametrize("values", [[], [100.0]])
def test_no_two_runs(values: list[float]) -> None:
    """One run does not differ from itself."""
    found = judge_stability(values)
    assert (found.verdict, found.variation, found.detail) == (
        Verdict.UNPROVEN,
        None,
        f"needs 5 runs, has {len(values)}",
    )


@settings(deadline=None)
@given(st.lists(st.floats(1, 1000), min_size=5, max_size=20), st.floats(0.001, 1000))
def test_units_do_not_matter(values: list[float], unit: float) -> None:
    """In other units the same runs differ as much."""
    found, scaled = judge_stability(values), judge_stability([value * unit for value in values])
    assert found.variation == pytest.approx(scaled.variation, rel=1e-6, abs=1e-9)
    assert found.spread == pytest.approx(scaled.spread, rel=1e-6, abs=1e-9)


def test_outliers_are_labelled() -> None:
    """Values beyond the fences are named by their place; none is removed."""
    values = [10.0, 10.1, 10.2, 10.3, 10.4, 11.0, 20.0]
    found = label_outliers(values)
    assert [(outlier.place, outlier.value, outlier.label) for outlier in found] == [
        (6, 20.0, OutlierLabel.EXTREME)
    ]
    assert [outlier.label for outlier in label_outliers([1, 2, 3, 4, 8])] == [OutlierLabel.MILD]
    assert label_outliers([1, 2, 3, 4, 5]) == ()
