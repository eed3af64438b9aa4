"""Pass: how much is asked for: command line, then workload, then entities, then each operation's own default."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.draft import PhaseLoad, Share
from perfengine.compiler.ends import ends_of, ends_of_mix, unused_iterations
from perfengine.compiler.load_model import clients_said, load_of, model_notes, stages_of
from perfengine.compiler.sharing import share_out
from perfengine.model.load import stages_duration_ns
from perfengine.model.scenario import Performance
from perfengine.model.workload import Mode
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.compiler.draft import Draft
    from perfengine.model.operation import Operation

MIX: Final = "mix"
#: How long a phase may take when nobody said; comes on top of a duration.
DEFAULT_TIMEOUT_NS: Final = 600 * NS_PER_S
DEFAULT_MIX_WARMUP_NS: Final = 5 * NS_PER_S
_NOTHING_SAID: Final = Performance()


def settle_load(draft: Draft) -> Draft:
    """Return the draft with the load of each phase, and its connections and processes."""
    loads = _mix(draft) if draft.mode is Mode.MIX else tuple(_alone(draft, one) for one in draft.selected)
    draft = share_out(replace(draft, loads=loads))
    notes = [
        *model_notes(draft),
        *_shortened_stages(draft),
        *unused_iterations(draft),
        *_fewer_clients(draft),
        *_short_timeouts(loads),
    ]
    return replace(draft, notes=(*draft.notes, *notes))


def _mix(draft: Draft) -> tuple[PhaseLoad, ...]:
    """Return the one phase of a mix; none when nothing is selected."""
    if not draft.selected:
        return ()
    ends = ends_of_mix(draft, stages_of(draft))
    clients = clients_said(draft, [_performance(draft, one) for one in draft.selected])
    warmup_ns = _said(draft.settings.warmup_ns, draft.scenario.workload.warmup_ns)
    return (
        PhaseLoad(
            name=MIX,
            shares=tuple(Share(operation=one, weight=_weight(draft, one)) for one in draft.selected),
            load=load_of(draft, clients, ends.iterations),
            timeout_ns=_timeout_ns(draft, draft.selected, ends.duration_ns),
            iterations=ends.iterations,
            duration_ns=ends.duration_ns,
            warmup_ns=DEFAULT_MIX_WARMUP_NS if warmup_ns is None else warmup_ns,
        ),
    )


def _alone(draft: Draft, operation: Operation) -> PhaseLoad:
    """Return the phase of one operation."""
    performance = _performance(draft, operation)
    ends = ends_of(draft, operation, performance, stages_of(draft))
    return PhaseLoad(
        name=operation.name,
        shares=(Share(operation=operation),),
        load=load_of(draft, clients_said(draft, [performance]), ends.iterations),
        timeout_ns=_timeout_ns(draft, [operation], ends.duration_ns),
        iterations=ends.iterations,
        duration_ns=ends.duration_ns,
        warmup_ns=_said(draft.settings.warmup_ns, draft.scenario.workload.warmup_ns),
    )


def _performance(draft: Draft, operation: Operation) -> Performance:
    """Return what the operation's entity says; nothing for own operations that belong to none."""
    by_entity = {one.entity.name: one.performance for one in draft.entities}
    return by_entity.get(operation.entity, _NOTHING_SAID)


def _weight(draft: Draft, operation: Operation) -> float:
    own = draft.own.get(operation.full_id)
    usual = own.weight if own and own.weight is not None else 1.0
    return draft.weights.get(operation.name, usual)


def _said(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _timeout_ns(draft: Draft, operations: Sequence[Operation], duration_ns: int | None) -> int:
    performances = [_performance(draft, one) for one in operations]
    by_entity = max((one.timeout_ns for one in performances if one.timeout_ns is not None), default=None)
    said = _said(draft.settings.timeout_ns, draft.scenario.workload.timeout_ns, by_entity)
    return DEFAULT_TIMEOUT_NS + (duration_ns or 0) if said is None else said


def _shortened_stages(draft: Draft) -> Iterator[str]:
    stages = stages_of(draft)
    total_ns, asked_ns = stages_duration_ns(stages), draft.settings.duration_ns
    if stages and asked_ns is not None and asked_ns != total_ns:
        when = "ends the load within its stages" if asked_ns < total_ns else "is longer than the stages"
        yield f"--duration {asked_ns / NS_PER_S:g}s {when}, which take {total_ns / NS_PER_S:g}s in all"


def _fewer_clients(draft: Draft) -> Iterator[str]:
    reduced: dict[tuple[int, int], list[str]] = {}
    for phase in draft.loads:
        if not phase.load.stages:
            operations = [share.operation for share in phase.shares]
            asked = clients_said(draft, [_performance(draft, one) for one in operations]) or 0
            if phase.load.clients < asked:
                reduced.setdefault((asked, phase.load.clients), []).append(phase.name)
    for (asked, clients), names in reduced.items():
        yield f"{clients} of {asked} clients have something to do in {', '.join(names)}: {clients} iterations"


def _short_timeouts(loads: Sequence[PhaseLoad]) -> Iterator[str]:
    short = [load for load in loads if load.duration_ns is not None and load.timeout_ns <= load.duration_ns]
    if short:
        names = ", ".join(load.name for load in short)
        yield f"the timeout ends these before their duration is over: {names}"
