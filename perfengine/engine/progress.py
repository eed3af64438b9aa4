"""What is known of a run so far. Grows while the run goes on, so that whatever ends it loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfengine.database.sandbox import new_run_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.database.address import Address
    from perfengine.database.preflight import ServerFacts
    from perfengine.engine.ground.moment import Moment
    from perfengine.errors import PerfengineError
    from perfengine.model.canary import CanarySlice
    from perfengine.model.existing_outcome import ExistingOutcome
    from perfengine.model.fingerprint import Known
    from perfengine.model.raw import RawShare
    from perfengine.model.series import LatencyOverTime, Series
    from perfengine.model.stabilising import StabilisingStep
    from perfengine.model.summary import OperationSummary
    from perfengine.serverview.watch import ServerSample


@dataclass(slots=True, kw_only=True)
class Progress:
    """The only value of the engine that changes; one a run."""

    run_id: str = field(default_factory=new_run_id)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    address: Address | None = None
    facts: ServerFacts | None = None
    moment: Moment | None = None  #: this machine before the run loaded it
    machine: Mapping[str, Known | None] = field(default_factory=dict)  #: fields of the fingerprint
    round_trip_ns: int | None = None  #: of the run's own session, before the load
    seeding_s: Mapping[str, float] = field(default_factory=dict)
    summaries: list[OperationSummary] = field(default_factory=list)  #: of every repeat
    failure: PerfengineError | None = None  #: why the load could not go on
    notes: list[str] = field(default_factory=list)  #: what was found out on the way and bears on the figures
    processes: int = 1
    series: tuple[Series, ...] = ()  #: of operations and load processes
    latency_over_time: tuple[LatencyOverTime, ...] = ()
    begins_s: dict[str, list[int]] = field(default_factory=dict)  #: see `Timeline.begins_s`
    stabilised: list[StabilisingStep] = field(default_factory=list)
    canary: list[CanarySlice] = field(default_factory=list)
    samples: list[ServerSample] = field(default_factory=list)  #: of the server and the machine
    raw: RawShare | None = None  #: where load processes leave every attempt
    existing: ExistingOutcome | None = None  #: of a run on existing tables
    left_behind: str | None = None  #: what could not be cleaned up, and how to do it
