"""What a run looked like while it went on: series a second long, and what was watched beside the load."""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from perfengine.engine.outputs import json_of
from perfengine.model.series import About
from perfengine.model.settings import LoadSettings
from perfengine.report.result_schema import result_schema
from perfengine.units import NS_PER_S
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import run_documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.series import Watched

pytestmark = pytest.mark.timed

METRICS = [
    "query_execution_time",
    "memory_usage",
    "cpu_usage",
    "connection_pool_utilization",
    "connection_count",
    "lock_wait_time",
    "disk_io",
    "network_io",
]
ASKING = f"{PARCEL}  metrics: [{', '.join(METRICS)}]\n"
MIX = workload("""\
    mode: mix
    duration: 3s
    warmup: 0
    concurrency: 8
    connections: 4
    processes: 2
    mix: {parcel_query: 1, single_parcel_send: 1, wait: 1}
    ops:
      wait: {sql: "SELECT pg_advisory_xact_lock(1), pg_sleep(0.01)"}
""")


@pytest.fixture(scope="module")
def watched_run(dsn: str) -> RunResult:
    """Return a mix over two processes that queue for a lock; every test here reads its result."""
    return run_documents(dsn, ASKING, MIX)


def document_of(result: RunResult) -> dict[str, Any]:
    """Return the result as it is written, and as its schema allows it."""
    document: dict[str, Any] = json.loads(json_of(result))
    jsonschema.validate(document, result_schema())
    return document


def test_the_seconds_of_every_operation_hold_all_its_attempts(watched_run: RunResult) -> None:
    """Each second once, with its counts and percentiles.

    The last attempts may end long after the third on a machine that stands still.
    """
    seen = {one["subject"]: one for one in document_of(watched_run)["series"] if one["about"] == "operation"}
    assert set(seen) == {"parcel_query", "single_parcel_send", "wait"}
    for summary in watched_run.operations:
        series = seen[summary.operation.name]
        assert series["phase"] == "mix"
        require_seconds(series["times"])
        assert sum(series["columns"]["ok"]) == summary.ok
        assert sum(series["columns"]["bad"]) == summary.attempts - summary.ok
        assert summary.latency is not None
        columns = (series["columns"][name] for name in ("p50_s", "p95_s", "p99_s", "max_s"))
        known = [row for row in zip(*columns, strict=True) if None not in row]  # nothing may end in a second
        assert max(row[-1] for row in known) == pytest.approx(summary.latency.maximum / NS_PER_S)
        assert all(p50 <= p95 <= p99 for p50, p95, p99, _ in known)


def require_seconds(times_s: Sequence[float]) -> None:
    """Fail unless these are whole seconds, each once, and the run's three are behind the last of them."""
    assert [*times_s] == sorted({round(time_s) for time_s in times_s})
    assert times_s[0] == 1
    assert times_s[-1] >= 3


def test_each_load_process_has_its_own_series(watched_run: RunResult) -> None:
    """Its processor time, its loop's lag, and the share of its connections that was in use."""
    series = [one for one in watched_run.series if one.about is About.GENERATOR]
    assert sorted(one.subject for one in series) == ["0", "1"]
    for one in series:
        require_seconds(one.times_s)
        assert all(0 <= (value or 0) <= 1.2 for value in one.columns["cpu_share"])
        assert any(value for value in one.columns["loop_lag_p99_s"])
        # an attempt counts whole in the second in which it ends: after a stall in one that was short
        shares = [value or 0 for value in one.columns["connection_share"]]
        assert max(shares) > 0.85
        assert median(shares) < 1.15


def test_the_server_is_seen_once_a_second(watched_run: RunResult) -> None:
    """On the axis of the run."""
    (series,) = [one for one in watched_run.series if one.about is About.SERVER]
    assert len(series.times_s) >= 2
    assert list(series.times_s) == sorted(set(series.times_s))
    assert max(value or 0 for value in series.columns["connection_count"]) >= 4


def watched(result: RunResult, metric: str) -> list[Watched]:
    """Return what was found of a metric."""
    return [one for one in result.watched if one.metric == metric]


def test_every_metric_that_was_asked_has_figures_or_a_reason(watched_run: RunResult) -> None:
    """Also in the JSON, where a reason stands in place of figures."""
    entries = document_of(watched_run)["watched"]
    assert set(METRICS) <= {entry["metric"] for entry in entries}
    for entry in entries:
        assert (entry["mean"] is None) == bool(entry["reason"]) == (entry["samples"] == 0), entry
    (pool,) = watched(watched_run, "connection_pool_utilization")
    assert pool.mean is not None
    assert pool.mean > 0.9
    (waits,) = watched(watched_run, "lock_wait_time")
    assert waits.maximum is not None
    assert waits.maximum > 0
    (time,) = watched(watched_run, "query_execution_time")
    service = [one.service.mean / NS_PER_S for one in watched_run.operations if one.service]
    assert time.mean is not None
    assert min(service) < time.mean < max(service)


def test_what_cannot_be_had_says_why(watched_run: RunResult) -> None:
    """A socket has no network, and nobody's fault is that."""
    (network,) = watched(watched_run, "network_io")
    assert network.mean is None
    assert "socket" in network.reason


def test_closed_and_open_are_labelled(dsn: str) -> None:
    """A reader must know which latencies leave out those who could not even ask."""
    document = workload("{warmup: 0, ops: {read: {sql: SELECT 1}}}")
    closed = LoadSettings(iterations=10, filters=("read",))
    rated = LoadSettings(iterations=10, filters=("read",), rate_per_s=100)
    models = []
    for settings in (closed, rated):
        entry = document_of(run_documents(dsn, PARCEL, document, settings=settings))["results"]["read"]
        models.append(entry["load_model"])
        assert entry["outcomes"]["due"] == entry["outcomes"]["ok"] == 10
    assert models == ["closed", "open"]
