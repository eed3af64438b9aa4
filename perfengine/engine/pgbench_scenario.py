"""pgbench scripts as a part of the scenario: beside what documents say, or by themselves."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from perfengine.engine.existing.asked import is_for_existing
from perfengine.errors import SpecError, UsageError
from perfengine.model.mistake import Mistake
from perfengine.model.workload import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.engine.request import RunRequest
    from perfengine.model.scenario import Scenario
    from perfengine.model.workload import OwnOperation
    from perfengine.pgbench.read import PgbenchWorkload

#: What scripts are listed under.
_NAME: Final = "pgbench"
_NOT_EXISTING: Final = (
    "--target existing: pgbench scripts run in the sandbox, because nobody knows which rows a script leaves behind; "
    "a script reaches tables that are there by their schema: public.orders"
)


def with_scripts(scenario: Scenario, scripts: PgbenchWorkload, request: RunRequest) -> Scenario:
    """Return the scenario with the scripts in it; several of them are a mix by their weights.

    Raises: SpecError for two operations of one name, UsageError for a run on existing tables.
    """
    if not scripts.operations:
        return scenario
    if is_for_existing(request, scenario):
        raise UsageError(_NOT_EXISTING)
    workload = scenario.workload
    mistakes = tuple(_namesakes(workload.operations, scripts.operations))
    if mistakes:
        raise SpecError(mistakes)
    several = len(scripts.operations) + len(workload.operations) > 1
    return replace(
        scenario,
        name=scenario.name or _NAME,
        workload=replace(
            workload,
            operations=(*workload.operations, *scripts.operations),
            setup=(*scripts.setup, *workload.setup),
            mode=request.mode or workload.mode or (Mode.MIX if several else None),
        ),
        notes=(*scenario.notes, *scripts.notes),
        paths=(*scenario.paths, *scripts.paths),
        text_sha256=sha256("\0".join((scenario.text_sha256, *scripts.texts)).encode()).hexdigest(),
    )


def _namesakes(known: tuple[OwnOperation, ...], scripts: tuple[OwnOperation, ...]) -> Iterator[Mistake]:
    first = {operation.name: operation for operation in known}
    for script in scripts:
        if script.name in first:
            message = (
                f'"{script.name}" is at {first[script.name].position} already: give the script another name'
            )
            yield Mistake(position=script.position, message=message)
