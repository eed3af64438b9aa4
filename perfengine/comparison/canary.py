"""How the canary moved from A to B, and what follows from that.

A canary of a run is the mean of the logarithms of its batches, with an error by ten of them; a side is the mean over
its sessions of their runs. With three sessions or more on a side, where the sessions' own spread is the only doubt,
the canary must be shown to be within 3 % of what it was, or the ground has moved and nothing is said. Two things are
forgiven. What the sessions of a side differed by from their mean is allowed on top: the verdict reckons with it. And
a canary whose doubt alone is above 3 %, as on a noisy machine, shows neither: it withholds only what lies beyond for
certain, else every comparison there would be lost. With fewer sessions 2.6 times 3 % is assumed of the ground anyway,
and where the server's version or settings are under test the canary may move for them: then it is only said.
"""

from __future__ import annotations

from math import exp, fsum, log
from typing import TYPE_CHECKING, Final

from perfengine.comparison.effects import ENOUGH_SESSIONS
from perfengine.model.canary import CanaryShift
from perfengine.model.comparison import Effect
from perfengine.model.fingerprint import Subject
from perfengine.stats.batches import ratio_of_sums
from perfengine.stats.welch import weighted_sum

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from perfengine.model.canary import Canary
    from perfengine.stats.student import Estimate

    Sessions = Sequence[Sequence[Canary]]

#: The canary must be shown to lie within this, as a log ratio.
CANARY_BAND: Final = log(1.03)
#: A shift of the canary from here on is said.
CANARY_NOTICE: Final = log(1.01)
#: A canary of one slice does not know how it moves.
_LEAST_SLICES: Final = 2
_LEAST_BATCHES: Final = 4


def canary_shift(
    before: Sessions, after: Sessions, confidence: float, subjects: Collection[Subject] = ()
) -> CanaryShift | None:
    """Return how the canary moved between two sides, the canaries of each by session; None where one has none."""
    levels = [[known for session in side if (known := _levels(session))] for side in (before, after)]
    if not all(levels):
        return None
    earlier, later = (_of_side(side) for side in levels)
    moved = weighted_sum(((1.0, later), (-1.0, earlier)))
    reach = moved.half_width(confidence)
    return CanaryShift(
        effect=Effect(shift=moved.value, lower=moved.value - reach, upper=moved.value + reach),
        allowed=CANARY_BAND + max(map(_spread, levels)),
        is_under_test=not {Subject.VERSION, Subject.SETTINGS}.isdisjoint(subjects),
    )


def why_withheld(shift: CanaryShift | None, sessions: int) -> str:
    """Return why nothing may be said where the larger side has so many sessions; "" where the canary allows it."""
    if shift is None or shift.is_under_test or sessions < ENOUGH_SESSIONS or not _is_elsewhere(shift):
        return ""
    return f"{_moved(shift)}, {exp(shift.allowed) - 1:.1%} is allowed"


def canary_notes(shift: CanaryShift | None, sessions: int) -> Iterator[str]:
    """Yield what is to be kept in mind although the comparison is not withheld."""
    if shift is None:
        if sessions >= ENOUGH_SESSIONS:
            yield "no canary: a shift of the environment would look like a change"
    elif _is_elsewhere(shift):
        yield f"{_moved(shift)}; a difference may come of that"
    elif not _is_sure(shift) and not shift.effect.is_within(shift.allowed):
        yield f"the canary does not tell whether the environment has shifted: it changed by {_bounds(shift)}"
    elif abs(shift.effect.shift) >= CANARY_NOTICE:
        yield f"the canary shifted by {shift.effect.change:+.1%}"


def _levels(session: Sequence[Canary]) -> list[Estimate]:
    """Return the level of each canary of a session that is sure of itself: the mean of logarithms of its batches."""
    known = (canary for canary in session if len(canary.slices) >= _LEAST_SLICES)
    batches = ([log(value) for value in canary.batches_ns] for canary in known)
    return [ratio_of_sums(logs, [1.0] * len(logs)) for logs in batches if len(logs) >= _LEAST_BATCHES]


def _of_side(sessions: Sequence[Sequence[Estimate]]) -> Estimate:
    return weighted_sum((1 / (len(sessions) * len(levels)), level) for levels in sessions for level in levels)


def _spread(sessions: Sequence[Sequence[Estimate]]) -> float:
    """Return how far from their mean the farthest of the sessions was; 0 where they are too few to say."""
    if len(sessions) < ENOUGH_SESSIONS:
        return 0.0
    means = [fsum(level.value for level in levels) / len(levels) for levels in sessions]
    center = fsum(means) / len(means)
    return max(abs(mean - center) for mean in means)


def _is_elsewhere(shift: CanaryShift) -> bool:
    """Return whether the ground has moved, or may have by a canary that could tell."""
    return _is_beyond(shift) or (_is_sure(shift) and not shift.effect.is_within(shift.allowed))


def _is_beyond(shift: CanaryShift) -> bool:
    return shift.effect.lower > shift.allowed or shift.effect.upper < -shift.allowed


def _is_sure(shift: CanaryShift) -> bool:
    return shift.effect.half_width <= CANARY_BAND


def _moved(shift: CanaryShift) -> str:
    has = "has" if _is_beyond(shift) else "may have"
    return f"the environment {has} shifted: the canary changed by {_bounds(shift)}"


def _bounds(shift: CanaryShift) -> str:
    return f"{shift.effect.change_lower:+.1%} to {shift.effect.change_upper:+.1%}"
