"""Pauses inside of attempts: as long as they were drawn, whatever else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.result import Ending
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_MS
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import run_documents, summary_of

if TYPE_CHECKING:
    from perfengine.model.measurement import Measurement

PAUSE_MS = 700
STOPPED = workload(f"""\
    mode: mix
    duration: 60s
    warmup: 0
    concurrency: 8
    stop: {{max_error_rate: 0.05}}
    ops:
      slow: {{transaction: {{steps: [{{sql: SELECT 1}}, {{think: {PAUSE_MS}ms}}, {{sql: SELECT 1}}]}}}}
      bad: {{sql: SELECT 1 / 0}}
    """)


def measured(database: str, document: str, name: str) -> Measurement:
    """Return what was measured of an operation of a run that a rule has stopped."""
    result = run_documents(database, PARCEL, document, settings=LoadSettings(filters=("slow", "bad")))
    assert result.ended is Ending.FAILED
    return summary_of(result, name).measurement


def test_a_stop_shortens_no_pause(database: str) -> None:
    """Who waits for the schedule is released when a run is stopped.

    Attempts in flight were released with them, and counted as ok with latencies that no application would have seen.
    """
    slow = measured(database, STOPPED, "slow")
    assert slow.response.moments.count > 0
    assert slow.response.moments.minimum >= PAUSE_MS * NS_PER_MS
