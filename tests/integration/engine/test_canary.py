"""A run's canary against a real server: before the first round and after the last, and never meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import perf_counter_ns
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler import rounds
from perfengine.database.canary import BATCHES, SLICE_NS
from perfengine.engine.event_loop import run_async
from perfengine.engine.events import PhaseBegan
from perfengine.engine.outputs import json_of
from perfengine.engine.request import TargetRequest
from perfengine.engine.run import run_plan
from perfengine.metrics.hdr_codec import decode
from perfengine.model.measurement import Snapshot
from perfengine.model.settings import LoadSettings
from perfengine.stored.repeats import read_runs
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.integration.engine.parcels import PARCEL
from tests.integration.engine.runs import plan_documents

if TYPE_CHECKING:
    from perfengine.engine.events import Event

pytestmark = pytest.mark.timed

SETTINGS = LoadSettings(duration_ns=NS_PER_S, concurrency=2, filters=("single_parcel_send",))


@dataclass
class Clocked:
    """Notes when each part of a phase began, and when an interval of the load was last heard of."""

    began_ns: dict[str, int] = field(default_factory=dict)
    heard_ns: int = 0

    def __call__(self, event: Event) -> None:
        """Take an event."""
        if isinstance(event, PhaseBegan) and event.plan is not None:
            self.began_ns[event.phase] = perf_counter_ns()
        if isinstance(event, Snapshot):
            self.heard_ns = perf_counter_ns()


def test_a_run_with_a_canary(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two slices around many rounds, of which nothing is in the measured time; they come back from the result."""
    monkeypatch.setattr(rounds, "ROUND_ROWS", 100)
    watch = Clocked()
    planned = replace(plan_documents(PARCEL, settings=SETTINGS), canary=True)
    result = run_async(run_plan, planned, TargetRequest(dsn=database), watch)
    (sent,) = result.operations
    assert sent.measurement.rounds > 1
    assert sent.rows
    assert sent.rows.verified
    between_ns = watch.heard_ns - watch.began_ns["measure"]  # in which no slice was taken
    assert 0.9 * NS_PER_S < sent.measurement.measured_ns < between_ns
    assert result.canary is not None
    first, last = result.canary.slices
    assert (first.measured_ns, last.measured_ns) == (0, sent.measurement.measured_ns)
    # a machine that stands still for a slice spoils some of its batches, or leaves no time for as many
    assert max(len(part.cpu_ns) for part in (first, last)) == BATCHES
    assert 0 < min(*first.round_trip_ns, *last.round_trip_ns) < 50 * NS_PER_MS
    assert 0 < min(*first.cpu_ns, *last.cpu_ns) < 50 * NS_PER_MS
    assert watch.began_ns["measure"] - watch.began_ns["warm-up"] > SLICE_NS
    assert watch.began_ns["clean up"] - watch.heard_ns > SLICE_NS
    (read,) = read_runs(json_of(result).decode(), "now.json", decode)
    assert read.canary is not None
    assert read.canary.batches_ns == pytest.approx(result.canary.batches_ns)
    assert sum(batch.ok for batch in read.sample.operations[0].batches) == sent.ok


def test_a_run_without(database: str) -> None:
    """Nobody asked for it."""
    planned = plan_documents(PARCEL, settings=replace(SETTINGS, duration_ns=NS_PER_S // 10))
    assert run_async(run_plan, planned, TargetRequest(dsn=database), Clocked()).canary is None
