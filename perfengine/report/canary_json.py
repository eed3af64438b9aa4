"""The canary of a run, and how it moved between two sides, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.canary import CPU_SQL, ROUND_TRIP_SQL
from perfengine.report.measures import finite_or_none
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.model.canary import Canary, CanaryShift, CanarySlice


def canary_entry(canary: Canary) -> dict[str, object]:
    """Return what was done, and the medians of its batches in seconds, by slice."""
    return {
        "sql": {"cpu": CPU_SQL, "round_trip": ROUND_TRIP_SQL},
        "slices": [_slice(part) for part in canary.slices],
    }


def canary_shift_entry(shift: CanaryShift) -> dict[str, float | None]:
    """Return the change of the canary with its bounds, and what is allowed, as fractions."""
    effect = shift.effect
    return {
        "change": effect.change,
        "lower": effect.change_lower,
        "upper": finite_or_none(effect.change_upper),
        "allowed": effect.scaled(shift.allowed),
    }


def _slice(part: CanarySlice) -> dict[str, object]:
    return {
        "measured": part.measured_ns / NS_PER_S,
        "cpu": [value / NS_PER_S for value in part.cpu_ns],
        "round_trip": [value / NS_PER_S for value in part.round_trip_ns],
    }
