"""How steady a run was, and how much runs differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How much a figure differs between runs, against what is allowed."""

    verdict: Verdict
    runs: int
    limit: float
    variation: float | None  #: coefficient of variation: standard deviation over mean
    variation_lower: float | None  #: bounds at 95 % confidence, each one-sided
    variation_upper: float | None
    spread: float | None  #: (max - min) / median
    needed: int | None = None  #: runs that would prove the limit at this variation; None: no number would
    detail: str = ""


class Steadiness(StrEnum):
    """What the measured time of a run looked like."""

    STEADY = "steady"
    DRIFTING = "drifting"  #: it went one way all the time
    UNSTABLE = "unstable"  #: its thirds differ
    NOT_STEADY = "not steady"  #: it was still settling when it was half over
    TOO_SHORT = "too short"


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyState:
    """Where a run came to rest, and whether it stayed there."""

    steadiness: Steadiness
    cut_s: int  #: seconds from the beginning that belong to settling
    kept_s: int
    drift: float | None = None  #: relative change over the kept part, by its trend
    thirds: float | None = None  #: largest relative difference between its thirds
    detail: str = ""


class OutlierLabel(StrEnum):
    """How far outside a value lies, by Tukey's fences."""

    MILD = "mild"  #: beyond 1.5 interquartile ranges
    EXTREME = "extreme"  #: beyond 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A value that is far from the others. It is labelled and kept."""

    place: int  #: of the value, from 0
    value: float
    label: OutlierLabel
