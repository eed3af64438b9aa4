"""The load model: users who loop, or arrivals with a rate of their own; from command line, workload and entities."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from perfengine.model.load import DEFAULT_OPEN_CLIENTS, Arrival, ClosedLoad, OpenLoad
from perfengine.model.workload import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.compiler.draft import Draft
    from perfengine.model.load import Load, Stage
    from perfengine.model.scenario import Performance

DEFAULT_CONCURRENCY: Final = 1


def is_open(draft: Draft) -> bool:
    """Return whether the load has a rate: because the command line or the workload says so."""
    workload = draft.scenario.workload
    if draft.settings.rate_per_s is not None:
        return True
    if workload.model is None:
        return workload.rate_per_s is not None
    return workload.model is Model.OPEN


def stages_of(draft: Draft) -> tuple[Stage, ...]:
    """Return the stages of the load; a rate on the command line is a level of its own."""
    return () if draft.settings.rate_per_s is not None else draft.scenario.workload.stages


def clients_said(draft: Draft, performances: Iterable[Performance]) -> int | None:
    """Return how many clients were asked for; None when nobody said. Of several entities the most count."""
    for said in (draft.settings.concurrency, draft.scenario.workload.concurrency):
        if said is not None:
            return said
    by_entity = (one.concurrency for one in performances if one.concurrency is not None)
    return max(by_entity, default=None)


def load_of(draft: Draft, clients: int | None, iterations: int | None) -> Load:
    """Return the load of one phase; no more clients than there is to do."""
    stages, workload = stages_of(draft), draft.scenario.workload
    highest = max((stage.target for stage in stages), default=0)
    if not is_open(draft):
        users = max(1, ceil(highest)) if stages else clients or DEFAULT_CONCURRENCY
        return ClosedLoad(users=_at_most(users, iterations), think=workload.think, stages=stages)
    rate = draft.settings.rate_per_s or workload.rate_per_s or highest
    usual = _at_most(DEFAULT_OPEN_CLIENTS, workload.max_in_flight)
    return OpenLoad(
        rate_per_s=highest if stages else rate,
        arrival=workload.arrival or Arrival.CONSTANT,
        clients=_at_most(clients or usual, iterations),
        max_in_flight=workload.max_in_flight,
        stages=stages,
    )


def _at_most(value: int, limit: int | None) -> int:
    return value if limit is None else min(value, limit)


def model_notes(draft: Draft) -> Iterator[str]:
    """Yield what documents or the command line say that this load model has no use for."""
    settings, workload = draft.settings, draft.scenario.workload
    if settings.rate_per_s is not None:
        cancelled = [
            name for name, said in (("think_time", workload.think), ("stages", workload.stages)) if said
        ]
        if cancelled:
            yield f"--rate says how many attempts a second: {' and '.join(cancelled)} of the workload: not used"
        return
    if workload.stages and not is_open(draft):
        for place, said in (("--concurrency", settings.concurrency), ("concurrency", workload.concurrency)):
            if said is not None:
                yield f"the stages say how many users there are: {place} {said} is not used"
