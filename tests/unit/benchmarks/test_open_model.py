"""The open model: figures of both arms, the schedule, and what is judged."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.arms.arm import BenchmarkError
from benchmarks.open_figures import OpenFigures, figures_of_entry, figures_of_log, missing_of, scheduled
from benchmarks.open_limits import observations_of
from benchmarks.pgbench_log import Transaction
from perfengine.model.load import Arrival, OpenLoad


def entry(ok: int, *, dropped: int = 0, unfinished: int = 0, in_seconds: int | None = None) -> dict[str, Any]:
    """Return an operation of ten seconds as it stands in a result."""
    due = ok + dropped + unfinished
    return {
        "iterations": ok,
        "measured": 10.0,
        "outcomes": {"ok": ok, "dropped": dropped, "unfinished": unfinished, "due": due},
        "per_second": {"due": [7, (due if in_seconds is None else in_seconds) - 7]},
        "lateness": {"median": 0.00005, "p99": 0.0004},
        "service": {"median": 0.0001, "p95": 0.0002},
    }


def figures(**changed: float) -> OpenFigures:
    """Return what a good arm shows."""
    usual = {
        "lateness_p50_us": 50.0,
        "lateness_p99_us": 400.0,
        "service_p50_us": 100.0,
        "service_p95_us": 200.0,
        "ok_per_s": 1000.0,
    }
    return OpenFigures(**(usual | changed))  # type: ignore[arg-type] # `missing` is an integer


def held(**changed: float) -> list[bool]:
    """Return which of the limits hold when perfengine's figures are so in each of nine rounds."""
    arms = [("perfengine", 1000), ("perfengine", 500), ("perfengine, constant", 1000)]
    rivals = [("pgbench", 1000), ("pgbench", 500), ("bare asyncpg", 500)]
    each = {arm: figures(**changed) for arm in arms} | {arm: figures() for arm in rivals}
    return [observation.holds for observation in observations_of([each] * 9)]


def test_figures_of_a_result() -> None:
    """Seconds become µs, the rate is that of ok attempts."""
    found = figures_of_entry(entry(10_000), due=10_000)
    assert found == figures()


def test_figures_of_a_log() -> None:
    """Percentiles of lags and of services, each on its own."""
    log = [Transaction(due_us=n, lag_us=n, service_us=1000 - n) for n in range(1, 101)]
    found = figures_of_log(log, measured_s=4)
    assert (found.lateness_p50_us, found.lateness_p99_us) == (50, 99)
    assert (found.service_p50_us, found.service_p95_us) == (949, 994)
    assert found.ok_per_s == 25


@pytest.mark.parametrize(("due", "missing"), [(1010, 0), (1011, 1), (1008, 2)])
def test_attempts_are_held_against_the_schedule(due: int, missing: int) -> None:
    """Attempts, dropped and unfinished ones are what was due; too many are as wrong as too few."""
    assert missing_of(entry(1000, dropped=7, unfinished=3), due) == missing


def test_the_seconds_add_up_to_the_counts() -> None:
    """A result that contradicts itself is no result."""
    with pytest.raises(BenchmarkError, match="in the seconds"):
        missing_of(entry(1000, in_seconds=999), 1000)


def test_the_schedule_is_counted_up_to_its_end() -> None:
    """Constant: rate x time, the end itself left out. Poisson: about as many, and the same for the same seed."""
    constant = OpenLoad(rate_per_s=1000)
    poisson = OpenLoad(rate_per_s=1000, arrival=Arrival.POISSON)
    assert scheduled(constant, seed=1, measured_s=10) == 10_000
    assert scheduled(poisson, 1, 10) == scheduled(poisson, 1, 10)
    assert scheduled(poisson, 1, 10) == pytest.approx(10_000, abs=500)
    assert len({scheduled(poisson, seed, 10) for seed in range(5)}) > 1


def test_a_good_arm_holds_all_limits() -> None:
    """Alike in everything but what is due."""
    assert all(held())


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"lateness_p50_us": 251.0}, 0),
        ({"lateness_p99_us": 801.0}, 1),
        ({"service_p50_us": 111.0}, 2),
        ({"service_p50_us": 89.0}, 2),
        ({"service_p95_us": 251.0}, 3),
        ({"service_p95_us": 149.0}, 3),
        ({"missing": 1}, 7),
        ({"ok_per_s": 994.0}, 8),
        ({"ok_per_s": 1006.0}, 8),
    ],
)
def test_a_figure_out_of_bounds_misses_its_limit(changed: dict[str, float], missed: int) -> None:
    """That limit and no other."""
    assert [n for n, holds in enumerate(held(**changed)) if not holds] == [missed]


def test_one_missing_attempt_in_one_round_is_one_too_many() -> None:
    """The account is exact: a median would hide it."""
    arms = [("perfengine", 1000), ("perfengine", 500), ("perfengine, constant", 1000)]
    rounds = [
        {arm: figures(missing=int(n == 4)) for arm in arms}
        | {arm: figures() for arm in (("pgbench", 1000), ("pgbench", 500), ("bare asyncpg", 500))}
        for n in range(9)
    ]
    assert [n for n, each in enumerate(observations_of(rounds)) if not each.holds] == [7]
