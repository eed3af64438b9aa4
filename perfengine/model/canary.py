"""A canary: a piece of work that never changes, so that what it took tells how the ground is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from perfengine.model.comparison import Effect

#: Two thousand additions on the server, and a round trip. Whoever changes them makes all stored canaries worthless.
CPU_SQL: Final = "SELECT sum(i) FROM generate_series(1, 2000) AS i"
ROUND_TRIP_SQL: Final = "SELECT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CanarySlice:
    """A quarter of a second of it, while no attempt was measured: medians in ns of a few batches, in order."""

    measured_ns: int  #: measured time of the run until then
    cpu_ns: tuple[float, ...]
    round_trip_ns: tuple[float, ...]  #: as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """What the canary of a run took."""

    slices: tuple[CanarySlice, ...]

    @property
    def batches_ns(self) -> tuple[float, ...]:
        """What both pieces of work took together, a value a batch, in order."""
        return tuple(
            cpu + trip
            for part in self.slices
            for cpu, trip in zip(part.cpu_ns, part.round_trip_ns, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryShift:
    """How the canary moved from A to B."""

    effect: Effect
    allowed: float  #: as a log ratio: 3 %, and what the sessions of a side differed by themselves
    is_under_test: bool = False  #: the version or the settings are, and the canary may move for that
