"""What a run says to its load process, and what it hears back. Frozen and picklable; one conversation at a time.

    run                         load process
    Introduction       ->
    TakeOn             ->       (connects, prepares, warms up)      -> WarmedUp
    MeasureRound       ->       Snapshot, about once a second ...   -> RoundDone
    Stop               ->       (hands out no more work; the round ends as usual)
    end of input       ->       (closes its connections and ends)

A `Trouble` takes the place of any answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from perfengine.database.address import Address
    from perfengine.database.connect import SessionSettings
    from perfengine.model.measurement import Measurement
    from perfengine.model.plan import OperationPlan
    from perfengine.model.rows import Claims
    from perfengine.model.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What holds for the whole run."""

    address: Address
    settings: SessionSettings
    tables: tuple[Table, ...]
    data_rows: Mapping[str, int]
    seed: int
    anchor: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOn:
    """The next operation: connect, prepare, warm up."""

    plan: OperationPlan
    rule_values: Mapping[tuple[str, str, bool], Any]
    limits_ns: tuple[int, ...]  #: latencies whose excess is counted exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmedUp:
    """The warm-up is over; nothing of it is in the measurement."""

    attempts: int
    failures: int
    claims: Claims | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRound:
    """Measure for at most `attempts` attempts and `window_ns` of time."""

    attempts: int
    first_attempt: int
    window_ns: int | None
    repeat: bool  #: start the arguments over until the window closes


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDone:
    """A round is over. `measurement` is that of the operation so far; `lost` says why it could not go on."""

    measurement: Measurement
    claims: Claims | None
    taken: int
    lost: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Hand out no more work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something kept the load process from answering; `target` says whether the database is to blame."""

    message: str
    target: bool
