"""What a run says to its load processes, and what it hears back. Frozen and picklable; one conversation at a time.

    run                         load process
    Introduction       ->
    TakeOn             ->       (connects, prepares, warms up)      -> WarmedUp
    DealRound          ->       (makes the attempts of a round)     -> Dealt
    MeasureRound       ->       Interval, about once a second ...   -> RoundDone
    Leave              ->       (tears down Python operations)      -> Left
    Stop               ->       (hands out no more work; the round ends as usual)
    end of input       ->       (closes its connections and ends)

A `Trouble` takes the place of any answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from perfengine.errors import InternalError, PerfengineError, TargetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from perfengine.database.address import Address
    from perfengine.database.connect import SessionSettings
    from perfengine.model.plan import PhasePlan
    from perfengine.model.raw import RawShare
    from perfengine.model.rows import Claims
    from perfengine.model.table import Table

    RuleValues = Mapping[tuple[str, str, bool], Any]


class Blame(StrEnum):
    """Who must act when a load process cannot go on."""

    TARGET = "target"  #: the database
    USER = "user"  #: an operation written in Python
    US = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Which part of the load a process carries: attempts, clients and connections `index`, `index + count`, ..."""

    index: int = 0
    count: int = 1

    def part_of(self, whole: int) -> int:
        """Return how many of `whole` are this shard's."""
        return len(range(self.index, whole, self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What holds for the whole run."""

    index: int  #: of this load process, from 0
    address: Address
    settings: SessionSettings
    tables: tuple[Table, ...]
    data_rows: Mapping[str, int]
    seed: int
    anchor: datetime
    raw: RawShare | None = None  #: where every attempt is left; None: nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOn:
    """The next phase: connect, prepare, warm up."""

    phase: PhasePlan
    shards: int  #: load processes that carry it: each has a client at least
    connections: int  #: of all of them together
    rule_values: Mapping[str, RuleValues]  #: by entity
    limits_ns: Mapping[str, tuple[int, ...]]  #: by operation, latencies whose excess is counted exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmedUp:
    """The warm-up is over; nothing of it is in the measurement."""

    attempts: Mapping[str, int]  #: by operation
    failures: Mapping[str, int]
    claims: Mapping[str, Claims]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRound:
    """Make a load process's part of a round's attempts ready: it takes its time, and is not measured."""

    number: int  #: from 0
    attempts: int  #: at most, of all load processes together


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """The attempts are ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRound:
    """Measure the attempts that were dealt, for at most `window_ns`."""

    window_ns: int | None
    begin_ns: int  #: the instant at which all load processes begin: their clock is the machine's
    elapsed_ns: int  #: measured time of the rounds before: where the schedule goes on
    first_arrival: int  #: the number of the next arrival of an open load
    lead_ns: int = 0  #: what is due in the beginning of the window is made, and not measured


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDone:
    """A round is over; what was measured has been said in intervals. `lost` says why it could not go on."""

    claims: Mapping[str, Claims]
    taken: int
    elapsed_ns: int  #: measured time so far; of an open load, that of its schedule
    lost: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The phase is over: tear down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """It is torn down; `trouble` is what a tear-down raised."""

    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Hand out no more work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something kept the load process from answering, and who must act."""

    message: str
    blame: Blame

    def as_exception(self) -> PerfengineError:
        """Return it as the exception that ends the run."""
        kinds = {Blame.TARGET: TargetError, Blame.USER: UsageError, Blame.US: InternalError}
        return kinds[self.blame](self.message)


#: What a load process answers.
Question = TakeOn | DealRound | MeasureRound | Leave
