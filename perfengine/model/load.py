"""The load models: closed (users who loop) and open (arrivals with a rate of their own), with their stages.

Sources: Schroeder, Wierman, Harchol-Balter, "Open Versus Closed: A Cautionary Tale" (NSDI 2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: Clients of an open model for which nobody said how many: so many attempts may be in flight at once.
DEFAULT_OPEN_CLIENTS = 50


class Spread(StrEnum):
    """How think times are spread around their mean."""

    CONSTANT = "constant"
    UNIFORM = "uniform"
    EXPONENTIAL = "exponential"


class Arrival(StrEnum):
    """How arrivals of an open model are spaced."""

    CONSTANT = "constant"
    POISSON = "poisson"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkTime:
    """The pause of a user between two attempts; `low_ns`..`high_ns` of a uniform one, `mean_ns` of the others."""

    spread: Spread
    mean_ns: int
    low_ns: int = 0
    high_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A piece of the load shape: in `duration_ns` the level goes in a straight line to `target`.

    The level before the first stage is 0; a stage of no duration is a jump. Users in the closed model, attempts a
    second in the open one.
    """

    duration_ns: int
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLoad:
    """Users who start the next attempt when the last one has ended and they have thought."""

    users: int  #: at most at the same time
    think: ThinkTime | None = None
    stages: tuple[Stage, ...] = ()

    @property
    def clients(self) -> int:
        """How many clients there are, at most."""
        return self.users


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLoad:
    """Attempts that are due when the schedule says so, whatever became of those before them."""

    rate_per_s: float  #: of a load without stages
    arrival: Arrival = Arrival.CONSTANT
    clients: int = DEFAULT_OPEN_CLIENTS  #: attempts that are served at the same time, at most
    max_in_flight: int | None = (
        None  #: being served and waiting; what is due beyond that is dropped. None: no end
    )
    stages: tuple[Stage, ...] = ()


Load = ClosedLoad | OpenLoad


def stages_duration_ns(stages: tuple[Stage, ...]) -> int:
    """Return how long all stages take."""
    return sum(stage.duration_ns for stage in stages)
