"""The arguments of `perfengine.run` as the request that the command line makes too; all mistakes at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from perfengine.custom.code import code_of_callables
from perfengine.custom.limits import read_limits
from perfengine.engine.python_scenario import split_files
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.errors import UsageError
from perfengine.model.mistake import Position
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import Mode
from perfengine.units import parse_duration_ns, parse_rate_per_s

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perfengine.model.requirement import Requirement

Value = TypeVar("Value")
#: The least and the most of each number, as on the command line.
_RANGES: Final = {
    "concurrency": (1, 5_000),
    "connections": (1, 5_000),
    "iterations": (1, 1_000_000_000),
    "processes": (1, 256),
    "repeats": (1, 1_000),
    "data_size": (1, 100_000_000),
    "seed": (0, 2**63 - 1),
}
#: Instead of a requirements document: the limits of `judging.defaults`.
_DEFAULT: Final = "default"
#: Where limits stand that no file holds.
_ARGUMENT: Final = Position(path="perfengine.run(requirements=...)", line=1, column=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The arguments, as they came."""

    operations: tuple[Any, ...]
    scenario: Any
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
    load, repeats = _load(asked, faults), _whole("repeats", asked.repeats, faults)
    requirements = _requirements(asked.requirements or {}, faults)
    paths, python = split_files(_files(asked.scenario))
    if asked.mode not in {None, *Mode}:
        faults.append(f"mode {asked.mode!r}: one of: {', '.join(Mode)}")
    if not (paths or python or asked.operations):
        faults.append("nothing to run: give operations, or scenario=")
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
        code=code_of_callables(asked.operations, asked.setup, asked.teardown) if asked.operations else None,
        mode=None if asked.mode is None else Mode(asked.mode),
        requirements=requirements,
        default_requirements=_DEFAULT in _files(asked.requirement_files),
        requirement_paths=tuple(Path(path) for path in _files(asked.requirement_files) if path != _DEFAULT),
        sla_paths=tuple(map(Path, _files(asked.sla_files))),
        report_paths=tuple(map(Path, _files(asked.reports))),
        baseline=None if asked.baseline is None else Path(asked.baseline),
        regression_threshold=asked.regression_threshold,
        load=load,
        repeats=repeats or 1,
        stabilise=bool(asked.stabilise),
        canary=None if asked.canary is None else bool(asked.canary),
        target=TargetRequest(
            dsn=asked.dsn,
            direct_dsn=asked.direct_dsn,
            embedded=asked.embedded,
            allow_target=asked.allow_target,
        ),
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
    numbers: dict[str, Any] = {
        name: _whole(name, getattr(asked, name), faults) for name in _RANGES if name != "repeats"
    }
    times: dict[str, Any] = {
        f"{name}_ns": _read(name, getattr(asked, name), parse_duration_ns, faults)
        for name in ("duration", "warmup", "timeout")
    }
    return LoadSettings(
        **numbers,
        **times,
        rate_per_s=_read("rate", asked.rate, parse_rate_per_s, faults),
        filters=_texts(asked.filters),
        excludes=_texts(asked.excludes),
        data_set=asked.data_set,
    )


def _whole(name: str, value: object, faults: list[str]) -> int | None:
    low, high = _RANGES[name]
    if value is None or (type(value) is int and low <= value <= high):
        return value
    faults.append(f"{name} {value!r}: write a whole number from {low} to {high}")
    return None


def _read(name: str, value: object, parse: Callable[[str], Value], faults: list[str]) -> Value | None:
    if value is None:
        return None
    try:
        return parse(str(value))
    except ValueError as error:
        faults.append(f"{name}: {error}")
        return None


def _requirements(limits: Mapping[str, Any], faults: list[str]) -> tuple[Requirement, ...]:
    found: list[Requirement] = []
    for operation, asked in limits.items():
        requirements, mistakes = read_limits(operation, asked, _ARGUMENT)
        found += requirements
        for mistake in mistakes:
            allowed = f"; one of: {', '.join(mistake.allowed)}" if mistake.allowed else ""
            faults.append(f"requirements of {operation}: {mistake.message}{allowed}")
    return tuple(found)


def _files(files: Any) -> tuple[str, ...]:  # noqa: ANN401 - None, one, or several
    if files is None:
        return ()
    return (os.fspath(files),) if isinstance(files, str | os.PathLike) else tuple(map(os.fspath, files))


def _texts(texts: Any) -> tuple[str, ...]:  # noqa: ANN401 - one, or several
    return (texts,) if isinstance(texts, str) else tuple(texts)
