"""A server that stands still: what callers would have felt is in the response, what the server did in the service.

Figures of what was done to the server are bounded from below: a machine that stands still by itself meanwhile adds to
them. What stays small does so whatever the machine adds.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from perfengine.model.settings import LoadSettings
from perfengine.stats.hdr import lowest_value
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.integration.engine.looking import CLIENTS, Onlooker
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Meddler, Watcher, run_documents

if TYPE_CHECKING:
    from perfengine.model.measurement import LatencyCounts
    from perfengine.model.plan import PhasePlan

pytestmark = pytest.mark.timed

STALL_S = 1.2
CONNECTIONS = 8
#: Of each connection: what was done to it, and twice that the machine held it up by itself.
MOST_STALLS = 3 * CONNECTIONS
READ = workload("{warmup: 0, ops: {read: {sql: SELECT 1, read_only: true}}}")


@dataclass
class Freezer:
    """Stops the sessions of the clients for a while, in the middle of a phase."""

    onlooker: Onlooker
    after_s: float
    stalled_s: list[float] = field(default_factory=list)

    def __call__(self, _: PhasePlan) -> None:
        """Freeze them, wait, let them go on."""
        time.sleep(self.after_s)  # the length of what is measured before is part of the case
        pids = [row[0] for row in self.onlooker.fetch(f"SELECT pid {CLIENTS}")]
        assert len(pids) == CONNECTIONS
        began = time.perf_counter()
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            time.sleep(STALL_S)  # as is the length of the stall
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        self.stalled_s.append(time.perf_counter() - began)


def longer_than(latency: LatencyCounts, limit_ns: float) -> int:
    """Return how many values of a histogram are above a limit."""
    return sum(count for index, count in latency.counts.items() if lowest_value(index) > limit_ns)


def test_a_stall_is_in_the_response_of_everybody_who_was_due(database: str) -> None:
    """200 attempts a second for 12 s: those due in the stall wait for its end, so p99 is its length less 1 % of all.

    The server has stalled once for each connection, whatever has waited behind it.
    """
    rate, seconds = 200, 12
    settings = LoadSettings(
        rate_per_s=rate, duration_ns=seconds * NS_PER_S, concurrency=CONNECTIONS, filters=("read",)
    )
    onlooker = Onlooker(database)
    freezer = Freezer(onlooker, after_s=2)
    try:
        with Meddler(freezer) as meddler:
            result = run_documents(
                database, PARCEL, READ, settings=settings, watcher=Watcher({"measure": meddler})
            )
    finally:
        onlooker.close()
    (summary,), (stalled_s,) = result.operations, freezer.stalled_s
    measurement = summary.measurement
    assert summary.attempts + measurement.dropped + measurement.unfinished == summary.due == rate * seconds
    assert sum(second.due for second in measurement.seconds) == rate * seconds
    assert (summary.ok, measurement.dropped, measurement.unfinished) == (rate * seconds, 0, 0)
    assert summary.latency is not None
    assert summary.service is not None
    assert summary.lateness is not None
    expected_ns = (stalled_s - 0.01 * seconds) * NS_PER_S
    assert summary.latency.percentiles[99.0] > 0.95 * expected_ns
    assert summary.latency.maximum > 0.95 * stalled_s * NS_PER_S
    # one stall a connection, and nothing of it in the service of those who waited
    assert longer_than(measurement.service, 0.8 * stalled_s * NS_PER_S) >= CONNECTIONS
    assert longer_than(measurement.service, 200 * NS_PER_MS) < MOST_STALLS
    assert summary.service.percentiles[99.0] < 200 * NS_PER_MS
    late = round(stalled_s * rate) - CONNECTIONS
    assert longer_than(measurement.lateness, 5 * NS_PER_MS) > 0.85 * late > 5 * MOST_STALLS


def test_the_closed_model_sees_a_stall_once_a_client(database: str) -> None:
    """Users who wait ask for nothing meanwhile: the same stall is far from the 99th percentile there."""
    settings = LoadSettings(duration_ns=4 * NS_PER_S, concurrency=CONNECTIONS, filters=("read",))
    onlooker = Onlooker(database)
    try:
        with Meddler(Freezer(onlooker, after_s=0.5)) as meddler:
            result = run_documents(
                database, PARCEL, READ, settings=settings, watcher=Watcher({"measure": meddler})
            )
    finally:
        onlooker.close()
    (summary,) = result.operations
    assert CONNECTIONS <= longer_than(summary.measurement.response, 0.8 * STALL_S * NS_PER_S) < MOST_STALLS
    assert summary.latency is not None
    assert summary.latency.percentiles[99.0] < 100 * NS_PER_MS
    assert summary.lateness is not None
    assert summary.lateness.maximum == 0
