"""What a load could reach at most: a floor on a rate is no matter of the database where nobody asked for as much."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from perfengine.model.load import OpenLoad, Spread, stages_duration_ns
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.load import Load, Stage, ThinkTime
    from perfengine.model.summary import OperationSummary

#: A database that ended this share of what the load wanted has kept up with it.
_KEPT_UP: Final = 0.95
#: Of a rate, what the two ends of a run can make of it: the last attempt ends after the last one was due.
_ENDS: Final = 0.995


def by_phase(operations: Iterable[OperationSummary]) -> Mapping[str, list[OperationSummary]]:
    """Return the operations that were loaded together, by the name of their phase."""
    phases: dict[str, list[OperationSummary]] = {}
    for operation in operations:
        phases.setdefault(operation.phase or operation.operation.name, []).append(operation)
    return phases


def measured_ns(operations: Iterable[OperationSummary]) -> int:
    """Return the measured time of operations: phases follow each other, those of one phase ran side by side."""
    return sum(_phase_ns(together) for together in by_phase(operations).values())


def why_out_of_reach(
    floor: float, achieved: float, operations: Sequence[OperationSummary], run: Sequence[OperationSummary]
) -> str | None:
    """Return why a missed floor says nothing about the database, None where it does.

    `operations` are those that the floor speaks of, `run` all that were run. A closed load whose clients do not think
    asks for as much as the database gives. Another one asks for a rate of its own: below the floor, a database that
    kept up with it did all it could; at the floor, so did one that answered everything.
    """
    asked = _asked_per_s(operations, run)
    if asked == inf:
        return None
    if not all(isinstance(operation.load, OpenLoad) for operation in operations):
        more = "ask for more clients with --concurrency, or let them think less"
        return f"clients who think so long send at most {asked:.1f}/s; {more}" if asked < floor else None
    wanted = min(asked, _due_per_s(operations))
    if wanted < floor and _ended_per_s(operations) >= _KEPT_UP * wanted:
        return f"the load asked for {wanted:.1f}/s; ask for {_remedy(floor, asked, operations)}"
    if asked >= floor and achieved >= _ENDS * floor and _all_ok(operations):
        return f"all that was due was ok; ask for {_remedy(floor, asked, operations)}"
    return None


def _remedy(floor: float, asked: float, operations: Sequence[OperationSummary]) -> str:
    if any(operation.load.stages for operation in operations):
        return "more in the stages"
    # at the floor chance and the ends of the run decide, and a little above it they do not
    return f"it with --rate {floor:g}" if asked < floor else f"a little more than --rate {asked:g}"


def _asked_per_s(operations: Sequence[OperationSummary], run: Sequence[OperationSummary]) -> float:
    """Return the rate that the load asks for, over all phases of these operations; infinite: whatever is possible."""
    phases, together_ns = by_phase(run), measured_ns(operations)
    if not together_ns:
        return inf
    return sum(
        _rate_of(chosen[0].load)
        * _share(chosen, phases.get(name, chosen))
        * (_phase_ns(chosen) / together_ns)
        for name, chosen in by_phase(operations).items()
    )


def _rate_of(load: Load) -> float:
    if isinstance(load, OpenLoad):
        return _mean_level(load.stages) if load.stages else load.rate_per_s
    think_ns = _mean_think_ns(load.think) if load.think else 0
    if not think_ns:
        return inf
    return (_mean_level(load.stages) if load.stages else load.users) * NS_PER_S / think_ns


def _mean_think_ns(think: ThinkTime) -> float:
    return (think.low_ns + think.high_ns) / 2 if think.spread is Spread.UNIFORM else think.mean_ns


def _mean_level(stages: Sequence[Stage]) -> float:
    """Return the level over all stages: from one target to the next in a straight line, from 0 on."""
    levels = [0.0, *(stage.target for stage in stages)]
    areas = (
        (begin + stage.target) / 2 * stage.duration_ns
        for begin, stage in zip(levels[:-1], stages, strict=True)
    )
    duration_ns = stages_duration_ns(tuple(stages))
    return sum(areas) / duration_ns if duration_ns else levels[-1]


def _share(chosen: Sequence[OperationSummary], together: Sequence[OperationSummary]) -> float:
    """Return the share of a mix that some of its operations have."""
    whole = sum(operation.weight for operation in together)
    return sum(operation.weight for operation in chosen) / whole if whole else 1.0


def _due_per_s(operations: Sequence[OperationSummary]) -> float:
    """Return what chance made due, over the time asked for; infinite where something else ended the phase."""
    requested_ns = 0
    for together in by_phase(operations).values():
        if any(not _lasted(operation) for operation in together):
            return inf
        requested_ns += max(operation.requested_duration_ns or 0 for operation in together)
    return sum(operation.due for operation in operations) * NS_PER_S / requested_ns if requested_ns else inf


def _lasted(operation: OperationSummary) -> bool:
    by_time = operation.requested_duration_ns and operation.requested_iterations is None
    return bool(by_time and not operation.cut_short)


def _ended_per_s(operations: Sequence[OperationSummary]) -> float:
    return sum(operation.attempts for operation in operations) * NS_PER_S / measured_ns(operations)


def _all_ok(operations: Sequence[OperationSummary]) -> bool:
    return all(operation.ok == operation.due for operation in operations)


def _phase_ns(together: Sequence[OperationSummary]) -> int:
    return max(operation.measurement.measured_ns for operation in together)
