"""From files to a plan: everything that can be wrong before a server is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.compile import compile_scenario
from perfengine.engine.canary import wants_canary
from perfengine.engine.existing.asked import is_for_existing, require_no_hooks
from perfengine.engine.existing.schema import read_existing
from perfengine.engine.pgbench_scenario import with_scripts
from perfengine.engine.python_scenario import NO_DOCUMENTS, find_python, with_python
from perfengine.engine.target import named_target
from perfengine.errors import SpecError
from perfengine.judging.defaults import default_requirements
from perfengine.judging.resolve import check_internal_subjects
from perfengine.model.mistake import printable
from perfengine.pgbench.read import PgbenchWorkload, read_scripts
from perfengine.spec.documents import load_documents
from perfengine.spec.read import read_scenario

if TYPE_CHECKING:
    from perfengine.custom.code import Code
    from perfengine.engine.request import RunRequest
    from perfengine.model.existing import ExistingSchema
    from perfengine.model.plan import Plan
    from perfengine.model.raw import RawRequest
    from perfengine.model.scenario import Scenario


#: Clients beyond that share: so many server processes tell more about the machine than about the workload.
MOST_UNASKED_CONNECTIONS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """What was read and what follows from it."""

    scenario: Scenario
    plan: Plan
    files: tuple[str, ...] = ()  #: Python files whose set-up and tear-down the run does
    code: Code | None = None  #: callables of the caller's: the load runs in this process
    repeats: int = 1  #: of the whole load
    stabilise: bool = False  #: before each of them
    canary: bool = False  #: slices of it while nothing is measured
    raw: RawRequest | None = None  #: every attempt is kept there

    @property
    def notes(self) -> tuple[str, ...]:
        """What was accepted and cannot be had yet, and what a user would wonder about; a line each."""
        return (*self.scenario.notes, *self.plan.notes, *self._not_built)

    @property
    def _not_built(self) -> tuple[str, ...]:
        return tuple(printable(f"{one.name} is not built: {one.reason}") for one in self.plan.not_built)

    @property
    def clients(self) -> int:
        """The most clients that any phase has."""
        return max((phase.clients for phase in self.plan.phases), default=0)

    @property
    def connections(self) -> int:
        """How many connections a server of our own is made for: as many as asked, else one a client within reason."""
        return min(self.clients, self.plan.connections or MOST_UNASKED_CONNECTIONS)


def scenario_name(planned: PlannedRun) -> str:
    """Return what a run is called where there is one line for it: its entities, or the name of its workload."""
    entities = dict.fromkeys(item.operation.entity for item in planned.plan.operations)
    return ", ".join(entities) or planned.scenario.name


def plan_run(request: RunRequest) -> PlannedRun:
    """Return the plan of a run.

    Raises: SpecError with every mistake of every file, UsageError for a command line that cannot be, PlanError.
    """
    return _plan(request, need_entity=True)


def check_documents(request: RunRequest) -> PlannedRun:
    """Return the plan of the documents; without an entity, as in a file of limits alone, an empty one.

    Raises: as `plan_run`.
    """
    return _plan(request, need_entity=False)


def _plan(request: RunRequest, *, need_entity: bool) -> PlannedRun:
    python, is_run = find_python(request), need_entity
    scripts = read_scripts(request.scripts) if request.scripts else PgbenchWorkload()
    need_entity = need_entity and not python and not scripts.operations
    scenario = with_python(_read(request, need_entity=need_entity), python, request)
    scenario = with_scripts(scenario, scripts, request)
    scenario, existing = _looked_at(request, scenario, may_skip=not is_run)
    plan = compile_scenario(scenario, request.load, existing, read_only=request.target.read_only)
    mistakes = check_internal_subjects(scenario.requirements, plan.available, plan.not_built)
    if mistakes:
        raise SpecError(mistakes)
    if request.default_requirements:
        run = [operation.operation for phase in plan.phases for operation in phase.operations]
        added = default_requirements(scenario.requirements, run, plan.available)
        scenario = replace(scenario, requirements=(*scenario.requirements, *added))
    files = tuple(dict.fromkeys(each.path for each in python if each.path))
    planned = PlannedRun(
        scenario=scenario,
        plan=plan,
        files=files,
        code=request.code,
        repeats=request.repeats,
        stabilise=request.stabilise,
        canary=wants_canary(request, scenario, plan),
        raw=request.raw,
    )
    require_no_hooks(planned)
    return planned


def _looked_at(
    request: RunRequest, scenario: Scenario, *, may_skip: bool
) -> tuple[Scenario, ExistingSchema | None]:
    """Return the schema that the scenario is for, None for a sandbox; documents may be checked without a server."""
    if not is_for_existing(request, scenario):
        return scenario, None
    if may_skip and request.target.existing is None and named_target(request.target) is None:
        note = "target: existing: no server is named, so nothing was compared with its tables: name it with --dsn"
        return replace(scenario, notes=(*scenario.notes, note)), None
    return scenario, read_existing(request, scenario)


def _read(request: RunRequest, *, need_entity: bool) -> Scenario:
    others = request.requirement_paths or request.sla_paths
    if not request.paths and not others and not need_entity:
        return NO_DOCUMENTS
    return read_scenario(
        load_documents([str(path) for path in request.paths]),
        requirements=load_documents([str(path) for path in request.requirement_paths]),
        slas=load_documents([str(path) for path in request.sla_paths]),
        need_entity=need_entity,
    )
