"""What became of a limit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.requirement import Metric, Requirement, ServiceLevel


class Verdict(StrEnum):
    """The three answers."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    UNPROVEN = "UNPROVEN"


class Reason(StrEnum):
    """Why a limit is UNPROVEN."""

    NO_DATA = "no data"
    TOO_FEW_SAMPLES = "too few samples"
    TOO_SHORT = "run too short"
    NOT_MEASURED = "not measured"
    GENERATOR_SATURATED = "generator saturated"
    CUT_SHORT = "cut short"
    STARVED = "starved"
    NOT_CONFIRMED = "effect not confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One limit judged on one operation (or on the run)."""

    operation: str | None  #: None: the whole run
    subject: str  #: what the document named
    metric: Metric | str  #: a `Metric`, or "availability", "response_time_p95", "error_budget" of an SLA
    verdict: Verdict
    limit: int | float
    observed: int | float | None
    samples: int
    floor: bool = False  #: the limit is a least, not a most
    reason: Reason | None = None
    detail: str = ""  #: one clause: "needs 59 samples, has 10"
    caution: str = ""  #: the limit holds, yet: "generator saturated"
    lower: float | None = None  #: confidence bounds of the judged share, SLAs only
    upper: float | None = None
    requirement: Requirement | None = None
    service_level: ServiceLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The seed's health score of one operation, with the notices that go with it."""

    operation: str
    score: float | None  #: None without an ok attempt
    notices: tuple[tuple[str, str], ...]  #: ("regression" | "outliers" | "unstable", text after the sign)
    without_target: bool = False  #: the target term was left out
