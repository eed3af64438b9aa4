"""The arguments of `perfengine.run` as the request that the command line makes too; all mistakes at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from perfengine.custom.code import code_of_callables
from perfengine.custom.limits import read_limits
from perfengine.engine.api_scripts import scripts_of
from perfengine.engine.api_target import target_of
from perfengine.engine.api_values import files_of, read, texts_of, whole, word
from perfengine.engine.python_scenario import split_files
from perfengine.engine.request import RunRequest
from perfengine.errors import UsageError
from perfengine.model.mistake import Position
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import Mode
from perfengine.units import parse_duration_ns, parse_rate_per_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.requirement import Requirement

#: Whole numbers that shape the load.
_NUMBERS: Final = ("concurrency", "connections", "iterations", "processes", "data_size", "seed")
#: Instead of a requirements document: the limits of `judging.defaults`.
_DEFAULT: Final = "default"
#: Where limits stand that no file holds.
_ARGUMENT: Final = Position(path="perfengine.run(requirements=...)", line=1, column=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The arguments, as they came."""

    operations: tuple[Any, ...]
    scenario: Any
    format: Any
    builtins: Any
    scale: Any
    definitions: Any
    max_tries: Any
    mode: Any
    concurrency: Any
    connections: Any
    duration: Any
    iterations: Any
    rate: Any
    warmup: Any
    repeats: Any
    stabilise: Any
    canary: Any
    timeout: Any
    processes: Any
    filters: Any
    excludes: Any
    data_set: Any
    data_size: Any
    seed: Any
    dsn: Any
    direct_dsn: Any
    embedded: Any
    allow_target: Any
    target: Any
    schema: Any
    read_only: Any
    rollback: Any
    allow_writes_elsewhere: Any
    setup: Any
    teardown: Any
    requirements: Any
    requirement_files: Any
    sla_files: Any
    baseline: Any
    regression_threshold: Any
    reports: Any
    watch: Any


def request_of(asked: Asked) -> RunRequest:
    """Return the request. Raises: UsageError with everything that is wrong."""
    faults: list[str] = []
    load, repeats = _load(asked, faults), whole("repeats", asked.repeats, faults)
    requirements = _requirements(asked.requirements or {}, faults)
    documents, scripts = scripts_of(asked, faults)
    paths, python = split_files(documents)
    mode, target = word("mode", asked.mode, tuple(Mode), faults), target_of(asked, faults)
    if not (paths or python or scripts or asked.operations):
        faults.append("nothing to run: give operations, scenario= or builtins=")
    if asked.operations and (asked.processes or 1) != 1:
        faults.append(
            f"processes {asked.processes}: operations run in this process; name their file in scenario="
        )
    _check_threshold(asked, faults)
    if faults:
        raise UsageError("\n".join(f"perfengine.run: {fault}" for fault in faults))
    return RunRequest(
        paths=paths,
        python=python,
        scripts=scripts,
        code=code_of_callables(asked.operations, asked.setup, asked.teardown) if asked.operations else None,
        mode=None if mode is None else Mode(mode),
        requirements=requirements,
        default_requirements=_DEFAULT in files_of(asked.requirement_files),
        requirement_paths=tuple(Path(path) for path in files_of(asked.requirement_files) if path != _DEFAULT),
        sla_paths=tuple(map(Path, files_of(asked.sla_files))),
        report_paths=tuple(map(Path, files_of(asked.reports))),
        baseline=None if asked.baseline is None else Path(asked.baseline),
        regression_threshold=asked.regression_threshold,
        load=load,
        repeats=repeats or 1,
        stabilise=bool(asked.stabilise),
        canary=None if asked.canary is None else bool(asked.canary),
        target=target,
    )


def _check_threshold(asked: Asked, faults: list[str]) -> None:
    threshold = asked.regression_threshold
    if threshold is None:
        return
    if type(threshold) not in {int, float} or not 0 <= threshold < inf:
        faults.append(f"regression_threshold {threshold!r}: write a fraction, as 0.05")
    elif asked.baseline is None:
        faults.append(f"regression_threshold {threshold!r}: belongs to a comparison: give baseline=")


def _load(asked: Asked, faults: list[str]) -> LoadSettings:
    numbers: dict[str, Any] = {name: whole(name, getattr(asked, name), faults) for name in _NUMBERS}
    times: dict[str, Any] = {
        f"{name}_ns": read(name, getattr(asked, name), parse_duration_ns, faults)
        for name in ("duration", "warmup", "timeout")
    }
    return LoadSettings(
        **numbers,
        **times,
        rate_per_s=read("rate", asked.rate, parse_rate_per_s, faults),
        filters=texts_of(asked.filters),
        excludes=texts_of(asked.excludes),
        data_set=asked.data_set,
        rollback=bool(asked.rollback),
        writes_elsewhere=bool(asked.allow_writes_elsewhere),
    )


def _requirements(limits: Mapping[str, Any], faults: list[str]) -> tuple[Requirement, ...]:
    found: list[Requirement] = []
    for operation, asked in limits.items():
        requirements, mistakes = read_limits(operation, asked, _ARGUMENT)
        found += requirements
        for mistake in mistakes:
            allowed = f"; one of: {', '.join(mistake.allowed)}" if mistake.allowed else ""
            faults.append(f"requirements of {operation}: {mistake.message}{allowed}")
    return tuple(found)
