"""From the figures of all rounds to medians, ratios and the limits they are held to; pure functions on numbers."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.intervals import Spread, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.run_arm import Figures

    #: One round: arm to figures.
    Round = Mapping[str, Figures]

PERFENGINE: Final = "perfengine"
BARE: Final = "bare asyncpg"
PGBENCH: Final = "pgbench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A figure, how it is read from a load and how it is shown."""

    name: str
    title: str
    read: Callable[[Figures], float]
    decimals: int


RATE: Final = Metric(name="operations_per_s", title="operations/s", read=lambda f: f.rate_per_s, decimals=0)
CPU: Final = Metric(
    name="cpu_us_per_operation", title="CPU µs/operation", read=lambda f: f.cpu_us, decimals=2
)
MEMORY: Final = Metric(
    name="peak_memory_mib", title="peak memory MiB", read=lambda f: f.peak_pss_bytes / 2**20, decimals=1
)
METRICS: Final = (RATE, CPU, MEMORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What the ratio of perfengine to another arm must reach."""

    metric: Metric
    other: str
    bound: float
    floor: bool  #: True: at least the bound, False: at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A limit with what was observed."""

    limit: Limit
    ratio: Spread

    @property
    def holds(self) -> bool:
        """Whether the median is on the right side."""
        compare = operator.ge if self.limit.floor else operator.le
        return bool(compare(self.ratio.median, self.limit.bound))


def value_of(metric: Metric, arm: str, rounds: Sequence[Round]) -> Spread:
    """Return the spread of one arm's figure over the rounds."""
    return spread_of([metric.read(figures[arm]) for figures in rounds])


def ratio_of(metric: Metric, arm: str, other: str, rounds: Sequence[Round]) -> Spread:
    """Return the spread of the ratio of two arms, each ratio taken inside one round, minutes apart at most."""
    return spread_of([metric.read(figures[arm]) / metric.read(figures[other]) for figures in rounds])


def hold_to_limits(limits: Sequence[Limit], rounds: Sequence[Round]) -> list[Holding]:
    """Return what became of the limits whose two arms ran."""
    arms = rounds[0].keys()
    return [
        Holding(limit=limit, ratio=ratio_of(limit.metric, PERFENGINE, limit.other, rounds))
        for limit in limits
        if {PERFENGINE, limit.other} <= arms
    ]
