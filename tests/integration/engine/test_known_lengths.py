"""Statements of a known length: the figures are those of arithmetic.

The lengths are so large that 5 % of them is more than a busy machine wakes a sleeping backend too late. A machine
that stands still spoils one of the runs, not the median of their figures.
"""

from __future__ import annotations

from math import sqrt
from statistics import median

import pytest

from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_MS
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import run_documents

pytestmark = pytest.mark.timed

SLEEPS = workload("""\
    warmup: 0
    ops:
      one_length: {sql: SELECT pg_sleep(0.4)}
      short_or_long:
        sql: SELECT pg_sleep(CASE :number::int % 2 WHEN 0 THEN 0.4 ELSE 0.8 END)
        params: {number: sequence}
""")
RUNS, ITERATIONS = 3, 20


def median_figures(database: str, name: str) -> dict[str, float]:
    """Return the figures of an operation in ms, each the median of several runs."""
    runs = [figures_of(database, name) for _ in range(RUNS)]
    return {metric: median(run[metric] for run in runs) for metric in runs[0]}


def figures_of(database: str, name: str) -> dict[str, float]:
    """Return the figures of an operation in one run, in ms."""
    settings = LoadSettings(concurrency=10, iterations=ITERATIONS, filters=(name,))
    (summary,) = run_documents(database, PARCEL, SLEEPS, settings=settings).operations
    assert summary.ok == ITERATIONS
    latency = summary.latency
    assert latency is not None
    percentiles = {f"p{q:g}": latency.percentiles[q] for q in (50.0, 95.0)}
    in_ns = {"mean": latency.mean, "stdev": latency.stdev, **percentiles}
    return {metric: value / NS_PER_MS for metric, value in in_ns.items()}


def test_one_length(database: str) -> None:
    """Mean, median and 95th percentile are the length itself."""
    figures = median_figures(database, "one_length")
    expected = {"mean": 400, "p50": 400, "p95": 400}
    assert {metric: figures[metric] for metric in expected} == pytest.approx(expected, rel=0.05)


def test_two_lengths(database: str) -> None:
    """Half of them short and half long: their spread is half of the difference."""
    figures = median_figures(database, "short_or_long")
    stdev = 200 * sqrt(ITERATIONS / (ITERATIONS - 1))
    expected = {"mean": 600, "stdev": stdev, "p50": 400, "p95": 800}
    assert figures == pytest.approx(expected, rel=0.05)
