"""When a phase ends: after so many attempts, after a time, or whichever comes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.load import stages_duration_ns
from perfengine.model.workload import Mode
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.load import Stage
    from perfengine.model.operation import Operation
    from perfengine.model.scenario import Performance

#: How long a mix is measured when nobody said.
DEFAULT_MIX_NS: Final = 60 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Ends:
    """What ends a phase; at least one of the two does."""

    iterations: int | None
    duration_ns: int | None


def ends_of_mix(draft: Draft, stages: tuple[Stage, ...]) -> Ends:
    """Return when a mix ends. What entities say about iterations is about operations that run alone."""
    said = _said(draft, None, stages)
    return said or Ends(None, DEFAULT_MIX_NS)


def ends_of(draft: Draft, operation: Operation, performance: Performance, stages: tuple[Stage, ...]) -> Ends:
    """Return when an operation that runs alone ends: command line, workload, entity, the operation's default."""
    own = draft.own.get(operation.full_id)
    said = _said(draft, own.iterations if own else None, stages)
    if said:
        return said
    iterations = performance.iterations
    return Ends(operation.default_iterations if iterations is None else iterations, None)


def _said(draft: Draft, own_iterations: int | None, stages: tuple[Stage, ...]) -> Ends | None:
    """Return what command line or workload say; whoever says one of the two cancels the other of lower places.

    Stages end with themselves: nothing makes them last longer.
    """
    settings, workload = draft.settings, draft.scenario.workload
    total = stages_duration_ns(stages) if stages else None
    if settings.iterations is not None or settings.duration_ns is not None:
        return Ends(settings.iterations, _least(settings.duration_ns, total))
    iterations = own_iterations if own_iterations is not None else workload.iterations
    duration_ns = _least(workload.duration_ns, total)
    return None if iterations is None and duration_ns is None else Ends(iterations, duration_ns)


def _least(*values: int | None) -> int | None:
    return min((value for value in values if value is not None), default=None)


def unused_iterations(draft: Draft) -> list[str]:
    """Return a note where own operations say iterations and run in a mix, which counts all attempts together."""
    names = [own.name for own in draft.own.values() if own.iterations is not None]
    if draft.mode is not Mode.MIX or not names:
        return []
    return [f"a mix counts the attempts of all operations: iterations of {', '.join(names)} are not used"]
