"""What a service level promises, and the attempts of a run that broke a promise: how many, and when.

Each promise leaves a share of attempts that may break it: `availability` 0.999 leaves 0.001 of what was due,
`response_time_p95` 0.05 that may take longer, `error_budget` its own share of what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from perfengine.errors import InternalError
from perfengine.judging.observe import failed
from perfengine.stats.clusters import Clusters, find_clusters
from perfengine.stats.proportion import least_whatever_clusters, lower_bound, upper_bound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.measurement import SecondCounts
    from perfengine.model.requirement import ServiceLevel
    from perfengine.model.summary import OperationSummary

AVAILABILITY: Final = "availability"
RESPONSE_TIME_P95: Final = "response_time_p95"
ERROR_BUDGET: Final = "error_budget"

#: The share of attempts that may take longer than a p95.
_SLOWER_THAN_P95: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise of a service level, and the share of attempts that may break it."""

    name: str
    limit: float
    budget: float
    floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Attempts that broke a promise, out of all that it covers."""

    bad: int
    total: int
    clusters: Clusters = Clusters()  # noqa: RUF009 - frozen

    @property
    def design_effect(self) -> float:
        """By how much fewer attempts count than there were, because bad ones come in clusters."""
        return self.clusters.effect

    @property
    def lower(self) -> float:
        """The true share is at least this, at 95 % confidence."""
        if not self.bad:
            return 0.0
        bound = lower_bound(self.bad / self.design_effect, self.total / self.design_effect)
        return max(bound, least_whatever_clusters(self.bad / self.total))

    @property
    def upper(self) -> float:
        """The true share is at most this, at 95 % confidence."""
        return upper_bound(self.bad / self.design_effect, self.total / self.design_effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSeconds:
    """The attempts of each second of measured time; empty when nobody noted them."""

    bad: tuple[int, ...]
    total: tuple[int, ...]


def promises_of(level: ServiceLevel) -> Iterator[Promise]:
    """Yield the promises of a service level, in their order."""
    if level.availability is not None:
        budget = float(1 - level.availability)
        yield Promise(name=AVAILABILITY, limit=float(level.availability), budget=budget, floor=True)
    if level.response_time_p95_ns is not None:
        yield Promise(name=RESPONSE_TIME_P95, limit=level.response_time_p95_ns, budget=_SLOWER_THAN_P95)
    if level.error_budget is not None:
        budget = float(level.error_budget)
        yield Promise(name=ERROR_BUDGET, limit=budget, budget=budget)


def share_of(promise: Promise, operation: OperationSummary) -> Share:
    """Return the attempts that broke a promise.

    Raises: InternalError when the recorder did not count what took longer than the promise says.
    """
    counted = _counted(promise, operation)
    seconds = seconds_of(promise, operation)
    return replace(counted, clusters=find_clusters(seconds.bad, seconds.total))


def seconds_of(promise: Promise, operation: OperationSummary) -> PromiseSeconds:
    """Return the attempts of each second; none where they do not add up to those of the whole.

    Raises: as `share_of`.
    """
    counted = _counted(promise, operation)
    pairs = [_of_second(promise, operation, second) for second in operation.measurement.seconds]
    bad, total = tuple(bad for bad, _ in pairs), tuple(total for _, total in pairs)
    if sum(bad) != counted.bad or sum(total) != counted.total:
        return PromiseSeconds(bad=(), total=())
    return PromiseSeconds(bad=bad, total=total)


def _counted(promise: Promise, operation: OperationSummary) -> Share:
    tried = operation.attempts - operation.starved
    dropped = operation.measurement.dropped
    if promise.name == ERROR_BUDGET:
        return Share(bad=failed(operation), total=tried)
    slower = _slower(promise, operation) if promise.name == RESPONSE_TIME_P95 else 0
    return Share(bad=failed(operation) + dropped + slower, total=tried + dropped)


def _slower(promise: Promise, operation: OperationSummary) -> int:
    try:
        return operation.measurement.slower_than[int(promise.limit)]
    except KeyError as error:
        raise InternalError(
            f"{operation.operation.name}: attempts slower than {promise.limit} ns were not counted"
        ) from error


def _of_second(promise: Promise, operation: OperationSummary, second: SecondCounts) -> tuple[int, int]:
    tried = second.ok + second.bad
    if promise.name == ERROR_BUDGET:
        return second.bad, tried
    slower = 0
    if promise.name == RESPONSE_TIME_P95 and second.slower:
        slower = second.slower[sorted(operation.measurement.slower_than).index(int(promise.limit))]
    return second.bad + second.dropped + slower, tried + second.dropped
