"""From files to a plan: everything that can be wrong before a server is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.compiler.compile import compile_scenario
from perfengine.errors import SpecError
from perfengine.judging.resolve import check_internal_subjects
from perfengine.spec.documents import load_documents
from perfengine.spec.read import read_scenario

if TYPE_CHECKING:
    from perfengine.engine.request import RunRequest
    from perfengine.model.plan import Plan
    from perfengine.model.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """What was read and what follows from it."""

    scenario: Scenario
    plan: Plan

    @property
    def notes(self) -> tuple[str, ...]:
        """What was accepted and cannot be had yet, and what a user would wonder about; a line each."""
        return (*self.scenario.notes, *self.plan.notes)

    @property
    def clients(self) -> int:
        """The most clients that any operation has."""
        return max((item.concurrency for item in self.plan.operations), default=0)


def plan_run(request: RunRequest) -> PlannedRun:
    """Return the plan of a run.

    Raises: SpecError with every mistake of every file, UsageError for a command line that cannot be, PlanError.
    """
    return _plan(_read(request, need_entity=True), request)


def check_documents(request: RunRequest) -> PlannedRun:
    """Return the plan of the documents; without an entity, as in a file of limits alone, an empty one.

    Raises: as `plan_run`.
    """
    return _plan(_read(request, need_entity=False), request)


def _read(request: RunRequest, *, need_entity: bool) -> Scenario:
    return read_scenario(
        load_documents([str(path) for path in request.paths]),
        requirements=load_documents([str(path) for path in request.requirement_paths]),
        slas=load_documents([str(path) for path in request.sla_paths]),
        need_entity=need_entity,
    )


def _plan(scenario: Scenario, request: RunRequest) -> PlannedRun:
    plan = compile_scenario(scenario, request.load)
    mistakes = check_internal_subjects(scenario.requirements, plan.available)
    if mistakes:
        raise SpecError(mistakes)
    return PlannedRun(scenario=scenario, plan=plan)
