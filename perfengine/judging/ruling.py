"""From an observation and a limit to a verdict: the order in which doubts are heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.verdict import Reason, Verdict
from perfengine.stats.digits import seconds_text
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.judging.observe import Observation
    from perfengine.judging.trust import Trust

SATURATED = "generator saturated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A verdict with what must be said beside it."""

    verdict: Verdict
    reason: Reason | None = None
    detail: str = ""
    caution: str = ""


def unproven(reason: Reason, detail: str) -> Ruling:
    """Return that the limit cannot be judged, and why."""
    return Ruling(verdict=Verdict.UNPROVEN, reason=reason, detail=detail)


def rule(seen: Observation, limit: float, *, floor: bool, trust: Trust) -> Ruling:
    """Return the verdict on an observed value; a value equal to its limit holds.

    Doubts that concern the data as a whole come first, then the number of samples, then the comparison. A phase that
    was cut short cannot prove that a limit holds, yet it can show that it does not.
    """
    if trust.blocked:
        return unproven(trust.blocked, trust.why)
    if seen.value is None:
        return unproven(Reason.NO_DATA, "no attempt was ok")
    if seen.samples < seen.needed:
        return unproven(
            Reason.TOO_FEW_SAMPLES, too_few(f"needs {seen.needed} samples, has {seen.samples}", trust)
        )
    excess = limit - seen.value if floor else seen.value - limit
    return violated(seen, excess, trust) if excess > 0 else held(trust, latency=seen.latency)


def held(trust: Trust, *, latency: bool) -> Ruling:
    """Return the ruling on a limit that holds. A generator only ever adds to a latency: it stands, with a caution."""
    if trust.cut_short:
        return unproven(Reason.CUT_SHORT, trust.cut_short)
    return Ruling(verdict=Verdict.PASS, caution=SATURATED if latency and trust.saturated else "")


def too_few(clause: str, trust: Trust) -> str:
    """Return the clause about missing samples, with the reason why there are not more of them."""
    return f"{clause}; {trust.cut_short}" if trust.cut_short else clause


def violated(seen: Observation, excess: float, trust: Trust) -> Ruling:
    """Return the ruling on a limit missed by `excess`: a saturated generator is blamed for what it may have done."""
    if trust.saturated and excess <= seen.margin:
        return unproven(Reason.GENERATOR_SATURATED, _own_part(seen, excess))
    return Ruling(verdict=Verdict.FAIL, detail=seen.detail)


def _own_part(seen: Observation, excess: float) -> str:
    if seen.blame:
        return seen.blame
    return f"over by {_text(excess)}, the generator's own delay is {_text(seen.margin)}"


def _text(latency_ns: float) -> str:
    return seconds_text(latency_ns / NS_PER_S)
