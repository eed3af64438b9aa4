"""How long the slices of a phase are, and how much is made ready for each. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Final

from perfengine.comparison.slices import discarded, slice_ns
from perfengine.model.load import OpenLoad
from perfengine.model.plan import KeyRange
from perfengine.model.workload import WhenExhausted
from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.comparison import OperationSample
    from perfengine.model.plan import OperationPlan, PhasePlan

#: What is made ready for a slice, against what the pilot says it takes: a slice that runs out is a short one.
_MARGIN: Final = 1.5
_LEAST_ATTEMPTS: Final = 100
_ATTEMPTS_APART: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceLength:
    """How long a slice is, its lead included, and how many attempts the faster arm makes in it."""

    slice_ns: int
    lead_ns: int
    attempts: int
    needed_ns: int  #: as carry-over demands

    @property
    def is_short(self) -> bool:
        """Whether what was asked for is shorter than carry-over demands."""
        return self.slice_ns < self.needed_ns


def slice_length(pilots: Sequence[OperationSample], asked_ns: int | None) -> SliceLength:
    """Return how long slices must be by what both arms showed in a pilot, or as long as was asked.

    Raises: ZeroDivisionError when an arm had no ok attempt.
    """
    rates = [pilot.ok * NS_PER_S / pilot.measured_ns for pilot in pilots]
    needed_ns = slice_ns(min(rates), max(percentile(pilot.response, pilot.ok, 0.99) for pilot in pilots))
    length_ns = asked_ns or needed_ns
    lead = discarded(round(min(rates) * length_ns / NS_PER_S))
    return SliceLength(
        slice_ns=length_ns,
        lead_ns=min(round(lead * NS_PER_S / min(rates)), length_ns // 2),
        attempts=ceil(max(rates) * length_ns / NS_PER_S),
        needed_ns=needed_ns,
    )


def for_slices(phase: PhasePlan) -> PhasePlan:
    """Return a phase that is measured slice by slice: steady load, and rows made anew between slices."""
    load = phase.load
    if isinstance(load, OpenLoad):
        rate = next((stage.target for stage in load.stages if stage.target > 0), load.rate_per_s)
        load = replace(load, rate_per_s=rate, stages=())
    else:
        load = replace(load, stages=())
    plans = tuple(replace(plan, stride=0, rows_for=None) for plan in phase.operations)
    return replace(phase, operations=plans, load=load, iterations=None, when_exhausted=WhenExhausted.RECYCLE)


def sized(phase: PhasePlan, attempts: int) -> PhasePlan:
    """Return the phase with so many attempts a round and a margin, in the same proportions; never more than before.

    Where attempts share rows, fewer of them would meet on one more often: such a phase stays as it is.
    """
    if any(_shares_rows(plan) for plan in phase.operations):
        return phase
    wanted = max(_LEAST_ATTEMPTS, _ATTEMPTS_APART * phase.clients, ceil(_MARGIN * attempts))
    share = min(1.0, wanted / phase.round_attempts)
    plans = tuple(_shrunk(plan, share) for plan in phase.operations)
    return replace(phase, operations=plans, round_attempts=sum(plan.round_attempts for plan in plans))


def _shares_rows(plan: OperationPlan) -> bool:
    rows = plan.operation.rows
    return rows is not None and not rows.consumed


def _shrunk(plan: OperationPlan, share: float) -> OperationPlan:
    attempts, rows = max(1, ceil(plan.round_attempts * share)), plan.operation.rows
    if rows is None:
        return replace(plan, round_attempts=attempts)
    keys = KeyRange(start=plan.keys.start, count=rows.per_attempt * (plan.warmup_attempts + attempts))
    return replace(plan, round_attempts=attempts, keys=keys)
