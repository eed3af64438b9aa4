"""What a run tells those who watch it. Nothing prints from the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from perfengine.model.measurement import Snapshot

if TYPE_CHECKING:
    from perfengine.model.measurement import Interval
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegan:
    """What is run, and against what; told again when the server has said its version."""

    scenario: str
    target: str  #: without a password
    server: str = ""  #: its version, once it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line worth knowing: which target was taken, what is not to be had."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBegan:
    """A phase began: of operations that are loaded together, or of the whole run ("prepare", "clean up")."""

    phase: str
    plan: PhasePlan | None = None
    number: int = 0  #: of the plan, from 1
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationEnded:
    """An operation is over and summed up."""

    summary: OperationSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A second signal ends the process at once: whoever holds the terminal gives it back now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalTold:
    """A load process has told an interval of a phase: told only to a watch that looks at all there is."""

    plan: PhasePlan
    connections: int  #: that the clients have together
    interval: Interval


Event = IntervalTold | RunBegan | Note | PhaseBegan | Snapshot | OperationEnded | Leaving
Watch = Callable[[Event], None]


class Detail(IntEnum):
    """How much a watch looks at. What it does not look at is not computed."""

    NOTHING = 0
    PROGRESS = 1  #: snapshots
    JUDGEMENTS = 2  #: and in them what becomes of the limits
    INTERVALS = 3  #: and every interval of every load process


def detail_of(watch: Watch) -> Detail:
    """Return what a watch looks at: its attribute `detail`, and snapshots where it has none."""
    detail = getattr(watch, "detail", Detail.PROGRESS)
    return Detail(detail)


class Unwatched:
    """Nobody watches."""

    detail = Detail.NOTHING

    def __call__(self, event: Event) -> None:
        """Pass over the event."""
