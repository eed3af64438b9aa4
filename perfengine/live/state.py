"""What a frame of the live view shows, as values: no clock, no terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.verdict import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An operation: of one that is loaded now the last seconds, of one that is done its whole measured time."""

    operation: str
    ok: int = 0  #: ok attempts so far
    rate_per_s: float | None = None  #: ok attempts a second
    p50_ns: int | None = None
    p95_ns: int | None = None
    p99_ns: int | None = None
    max_ns: int | None = None
    bad: int = 0  #: attempts that were not ok
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why attempts were not ok, so far."""

    code: str  #: SQLSTATE and class, or the class alone
    name: str  #: what the database or the driver said
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorFigures:
    """What the load processes did to themselves in the last seconds; None: nothing was seen of it."""

    cpu_share: float  #: of a processor, the busiest process
    processes: int
    loop_lag_p99_ns: int | None = None
    start_delay_p99_ns: int | None = None
    lateness_p99_ns: int | None = None  #: None in the closed model
    is_saturated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is asked and what comes of it."""

    asked_per_s: float | None = None  #: None in the closed model
    achieved_per_s: float | None = None  #: ok attempts a second, all operations, the last seconds
    clients: int = 0
    active: int | None = None  #: of a closed load with stages: users that are there now
    connections: int = 0
    in_use: float | None = None  #: connections, on average over the last seconds
    dropped: int = 0  #: due, and never started, so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How far the phase is."""

    phase: str = ""
    name: str = ""  #: what is loaded; empty while nothing is
    number: int = 0
    total: int = 0
    elapsed_s: float = 0.0  #: of measured time while it is measured
    planned_s: float | None = None  #: None where the end is not a matter of time
    share: float | None = None  #: 0 to 1; None where nobody knows
    left_s: float | None = None
    whole_s: float = 0.0  #: since the run began


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveState:
    """All of one frame."""

    scenario: str = ""
    target: str = ""  #: without a password
    server: str = ""
    clock: Clock = Clock()
    load: Load | None = None  #: None while nothing is loaded
    rows: tuple[Row, ...] = ()  #: done ones first
    causes: tuple[Cause, ...] = ()  #: the most frequent first
    generator: GeneratorFigures | None = None
    judgements: tuple[Judgement, ...] = ()
