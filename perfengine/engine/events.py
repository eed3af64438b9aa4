"""What a run tells those who watch it. Nothing prints from the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.measurement import Snapshot

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary


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


Event = Note | PhaseBegan | Snapshot | OperationEnded
Watch = Callable[[Event], None]
