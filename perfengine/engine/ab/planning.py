"""From a request to two arms: everything that can be wrong before a server is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.engine.ab.matching import matched
from perfengine.engine.ab.sizing import for_slices
from perfengine.engine.ab.sql_file import read_sql
from perfengine.engine.planning import PlannedRun, plan_run
from perfengine.errors import UsageError
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.engine.ab.matching import Phases
    from perfengine.engine.ab.request import AbRequest, AbSettings
    from perfengine.engine.request import RunRequest, TargetRequest
    from perfengine.model.comparison import OperationComparison

#: What a slice of a benchmark is planned as, at least: rows and arguments for that long.
_PLANNED_NS: Final = NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedArm:
    """One arm, before it has a server."""

    letter: str
    label: str
    planned: PlannedRun
    target: TargetRequest
    sql: tuple[str, ...] = ()
    sql_source: str = ""  #: option and file, for messages


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAb:
    """Both arms, A first."""

    arms: tuple[PlannedArm, PlannedArm]
    settings: AbSettings
    notes: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[tuple[Phases, ...], tuple[OperationComparison, ...]]:
        """What can be compared, and a row for all that cannot."""
        before, after = (arm.planned.plan for arm in self.arms)
        return matched(before, after)

    @property
    def one_server(self) -> bool:
        """Whether both arms have their sandboxes on the same server."""
        return self.arms[0].target == self.arms[1].target

    @property
    def connections(self) -> int:
        """How many connections a server of our own is made for."""
        return sum(arm.planned.connections for arm in self.arms)


def plan_ab(request: AbRequest) -> PlannedAb:
    """Return both arms.

    Raises: SpecError with every mistake of every file, UsageError, PlanError.
    """
    settings = request.settings
    load = replace(request.run.load, duration_ns=max(settings.slice_ns or 0, _PLANNED_NS), processes=1)
    run = replace(request.run, load=load)
    first = _prepared(plan_run(run))
    second = first
    if request.has_files:
        load = replace(load, seed=first.plan.seed)  # the same values in both arms
        second = _prepared(plan_run(replace(request.run_b, load=load)))
    for planned in (first, second):
        if not planned.plan.phases:
            raise UsageError("nothing to compare: no operation is enabled in the scenario")
    arms = (
        _arm("A", _label(request, "A"), first, run.target, "--before", request.before),
        _arm("B", _label(request, "B"), second, _target_b(request), "--after", request.after),
    )
    notes = (*first.notes, *(note for note in second.notes if note not in first.notes))
    return PlannedAb(arms=arms, settings=settings, notes=(*notes, *_stages_notes(first, second)))


def _prepared(planned: PlannedRun) -> PlannedRun:
    if planned.plan.existing is not None:
        raise UsageError("ab compares sandboxes: take target: existing out of the workload")
    phases = tuple(for_slices(phase) for phase in planned.plan.phases)
    return replace(planned, plan=replace(planned.plan, phases=phases, processes=1))


def _arm(
    letter: str, label: str, planned: PlannedRun, target: TargetRequest, option: str, sql: Path | None
) -> PlannedArm:
    return PlannedArm(
        letter=letter,
        label=label,
        planned=planned,
        target=target,
        sql=read_sql(sql, option) if sql else (),
        sql_source=f"{option} {sql}" if sql else "",
    )


def _target_b(request: AbRequest) -> TargetRequest:
    if request.dsn_b is None:
        return request.run.target
    return replace(
        request.run.target,
        dsn=request.dsn_b,
        dsn_option="--dsn-b",
        direct_dsn=request.direct_dsn_b or "",  # that of A is behind A alone
        direct_option="--direct-dsn-b",
        embedded=False,
    )


def _label(request: AbRequest, letter: str) -> str:
    """Return what makes an arm differ from the other."""
    if request.dsn_b is not None:
        return "--dsn" if letter == "A" else "--dsn-b"
    if request.has_files:
        return _names(request.run if letter == "A" else request.run_b)
    sql = request.before if letter == "A" else request.after
    return str(sql) if sql else "as it is"


def _names(run: RunRequest) -> str:
    scripts = (*run.scripts.files, *run.scripts.builtins) if run.scripts else ()
    return ", ".join(str(file) for file in (*run.paths, *map(Path, run.python), *scripts))


def _stages_notes(*arms: PlannedRun) -> tuple[str, ...]:
    stages = any(planned.scenario.workload.stages for planned in arms)
    return ("stages of the workload: not used, slices are measured under a steady load",) if stages else ()
