"""How far a phase is, and how long it will take still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.live.state import Clock
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.engine.events import PhaseBegan
    from perfengine.live.window import Window
    from perfengine.model.plan import PhasePlan

#: Measured time goes on between two snapshots, about a second apart; later it stands, for nothing may be measured.
_GOES_ON_S: Final = 1.5


def clock_of(
    began: PhaseBegan | None, window: Window, *, run_s: float, phase_s: float, told_s: float
) -> Clock:
    """Return how far the phase is: seconds since the run began, since the phase did, since the last snapshot."""
    if began is None:
        return Clock(whole_s=run_s)
    elapsed_s, planned_s, share, left_s = phase_s, None, None, None
    if began.plan is not None and began.phase == "warm-up" and began.plan.warmup_ns:
        planned_s = began.plan.warmup_ns / NS_PER_S
        share, left_s = _by_time(elapsed_s, planned_s)
    elif began.plan is not None and began.phase == "measure":
        elapsed_s = _measured_s(window, phase_s, told_s)
        planned_s = None if began.plan.duration_ns is None else began.plan.duration_ns / NS_PER_S
        share, left_s = _of_measuring(began.plan, window, elapsed_s, planned_s)
        elapsed_s = elapsed_s if planned_s is None else min(elapsed_s, planned_s)
    return Clock(
        phase=began.phase,
        name=began.plan.name if began.plan else "",
        number=began.number,
        total=began.total,
        elapsed_s=elapsed_s,
        planned_s=planned_s,
        share=share,
        left_s=left_s,
        whole_s=run_s,
    )


def _measured_s(window: Window, phase_s: float, told_s: float) -> float:
    if window.last is None:
        return phase_s
    return window.last.elapsed_ns / NS_PER_S + min(told_s, _GOES_ON_S)


def _of_measuring(
    plan: PhasePlan, window: Window, elapsed_s: float, planned_s: float | None
) -> tuple[float | None, float | None]:
    """Return the share that is done and the seconds that are left; whichever ends first ends the phase."""
    shares, lefts = [], []
    if planned_s:
        share, left_s = _by_time(elapsed_s, planned_s)
        shares.append(share)
        lefts.append(left_s)
    if plan.iterations and window.last is not None:
        done = window.last.ok + window.last.bad
        shares.append(min(done / plan.iterations, 1.0))
        if done and elapsed_s > 0:
            lefts.append(max(plan.iterations - done, 0) * elapsed_s / done)
    return max(shares, default=None), min(lefts, default=None)


def _by_time(elapsed_s: float, planned_s: float) -> tuple[float, float]:
    return min(elapsed_s / planned_s, 1.0), max(planned_s - elapsed_s, 0.0)
