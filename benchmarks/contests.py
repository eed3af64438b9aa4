"""What is compared: a workload, the arms that carry it, and the limits of their ratios."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from benchmarks.arms.bare import Bare
from benchmarks.arms.others import Dbworkload, Locust
from benchmarks.arms.perfengine import Perfengine
from benchmarks.arms.pgbench import Pgbench
from benchmarks.comparison import BARE, CPU, PGBENCH, RATE, Limit, hold_to_limits
from benchmarks.workload import MIX, POINT, TPCB, builtin_workload, compile_workload

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.arms.arm import Arm
    from benchmarks.comparison import Holding, Round
    from benchmarks.workload import Workload

_AS_FAST: Final = Limit(metric=RATE, other=BARE, bound=0.9, floor=True)
POINT_LIMITS: Final = (
    Limit(metric=CPU, other=BARE, bound=1.25, floor=False),
    _AS_FAST,
    Limit(metric=RATE, other=PGBENCH, bound=0.55, floor=True),
    Limit(metric=RATE, other="Locust", bound=2.0, floor=True),
    Limit(metric=RATE, other="dbworkload", bound=2.0, floor=True),
)
MIX_LIMITS: Final = (Limit(metric=CPU, other=BARE, bound=1.3, floor=False),)

#: The scripts that pgbench has built in, by the names of their contests.
BUILTINS: Final = {
    f"pgbench_{name.replace('-', '_')}": name for name in ("tpcb-like", "simple-update", "select-only")
}
#: The names of all, in the order in which a round has them.
CONTESTS: Final = (
    "account_query",
    "account_update",
    "account_mix",
    "account_query_2_processes",
    "tpcb",
    *BUILTINS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Arms that do the same."""

    name: str
    workload: Workload
    arms: tuple[Arm, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A contest with its rounds so far."""

    contest: Contest
    rounds: list[Round] = field(default_factory=list)

    @property
    def holdings(self) -> list[Holding]:
        """Return what became of the limits whose arms ran."""
        return hold_to_limits(self.contest.limits, self.rounds)


def contest_of(name: str, *, clients: int, rows: int, pgbench: Path) -> Contest:
    """Return the contest of that name: so many clients, so many rows in the data set."""
    alone: tuple[Arm, ...] = (Perfengine(), Bare(), Pgbench(pgbench))
    if name == "account_mix":
        workload = compile_workload(name, clients=clients, rows=rows, documents=(POINT, MIX), alone=False)
        return Contest(name=name, workload=workload, arms=alone, limits=MIX_LIMITS)
    if name == "account_query_2_processes":
        workload = compile_workload("account_query", clients=clients, rows=rows)
        arms = (Perfengine(processes=2), Bare(processes=2), Pgbench(pgbench, jobs=2))
        return Contest(name=name, workload=workload, arms=arms, limits=(_AS_FAST,))
    if name == "tpcb":
        workload = compile_workload(name, clients=clients, rows=rows, documents=(TPCB,))
        return Contest(name=name, workload=workload, arms=alone, limits=(_AS_FAST,))
    if name in BUILTINS:
        workload = builtin_workload(name, BUILTINS[name], clients=clients)
        return Contest(name=name, workload=workload, arms=alone, limits=(_AS_FAST,))
    workload = compile_workload(name, clients=clients, rows=rows)
    return Contest(name=name, workload=workload, arms=(*alone, Locust(), Dbworkload()), limits=POINT_LIMITS)
