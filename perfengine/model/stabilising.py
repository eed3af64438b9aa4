"""What was done to a server so that it is measured in a state that can be had again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps, in their order."""

    PREWARM = "prewarm"
    ANALYZE = "analyze"
    AUTOVACUUM = "wait for autovacuum"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilisingStep:
    """A step before one repeat of the load."""

    step: Step
    repeat: int  #: from 1
    took_s: float
    done: bool
    detail: str  #: how it was done, or why it was not
