"""`perfengine generate`: documents in, test files out; in between a server of our own tries rules and guards."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine import __version__
from perfengine.compiler.compile import compile_scenario
from perfengine.engine.event_loop import run_async
from perfengine.engine.planning import PlannedRun
from perfengine.engine.trying import try_values
from perfengine.errors import SpecError, UsageError
from perfengine.generate.files import generated_files
from perfengine.judging.resolve import check_internal_subjects
from perfengine.model.generated import GenerateInput, Origin
from perfengine.model.operation import Pick
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import Mode
from perfengine.spec.documents import load_documents
from perfengine.spec.read import read_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.database.address import Address
    from perfengine.model.generated import GeneratedFile
    from perfengine.model.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """What a user asks for."""

    paths: tuple[Path, ...]
    output_dir: Path
    data_size: int | None = None
    iterations: int | None = None
    excludes: tuple[str, ...] = ()
    with_schema: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The files, not written yet, and what was noticed on the way."""

    files: tuple[GeneratedFile, ...]
    notes: tuple[str, ...]


def generate(request: GenerateRequest, try_on: Address | None = None) -> Generated:
    """Return the test files of the documents; `try_on` is the server that tries their rules, None: an embedded one.

    Raises: SpecError with every mistake of every document; PlanError for a rule that no value fits; TargetError when
    no embedded server starts to try them; UsageError for files that are no documents, or two entities whose files
    would be one.
    """
    _require_documents(request.paths)
    scenario = _read(request.paths)
    plan = compile_scenario(scenario, _settings(request))
    if mistakes := check_internal_subjects(scenario.requirements, plan.available):
        raise SpecError(mistakes)
    given = GenerateInput(
        plan=plan,
        tried=run_async(try_values, plan, try_on),
        origin=_origin(request, scenario),
        with_schema=request.with_schema,
        data_size=request.data_size,
        iterations=request.iterations,
        schemas={one.entity.name: one.entity.schema for one in scenario.entities if one.entity.schema},
        excludes=request.excludes,
    )
    files = generated_files(given)
    _require_distinct([file.name for file in files])
    return Generated(files=files, notes=PlannedRun(scenario=scenario, plan=plan).notes)


def _require_documents(paths: Sequence[Path]) -> None:
    others = [str(path) for path in paths if path.suffix in {".py", ".sql"}]
    if others:
        raise UsageError(f"{', '.join(others)}: files are generated from documents, in YAML")


def _read(paths: Sequence[Path]) -> Scenario:
    """Return the scenario as files need it: each operation alone, on rows that are handed to it."""
    scenario = read_scenario(load_documents([str(path) for path in paths]))
    workload = replace(scenario.workload, mode=Mode.BENCHMARK, pick=Pick.CLAIM)
    return replace(scenario, workload=workload)


def _settings(request: GenerateRequest) -> LoadSettings:
    return LoadSettings(
        data_size=request.data_size,
        iterations=request.iterations,
        excludes=request.excludes,
        concurrency=1,  # how many clients there are bears on a run, not on the files
    )


def _origin(request: GenerateRequest, scenario: Scenario) -> Origin:
    return Origin(
        version=__version__,
        paths=tuple(_seen_from(request.output_dir, path) for path in request.paths),
        sha256=scenario.text_sha256,
        command=" ".join(_command(request)),
    )


def _command(request: GenerateRequest) -> Iterator[str]:
    yield "perfengine generate"
    if request.data_size is not None:
        yield f"--data-size {request.data_size}"
    if request.iterations is not None:
        yield f"--iterations {request.iterations}"
    for glob in request.excludes:
        yield f"--exclude {shlex.quote(glob)}"
    if request.with_schema:
        yield "--with-schema"


def _seen_from(directory: Path, path: Path) -> str:
    """Return the path of a document as seen from a directory; the whole path where there is no way between them."""
    try:
        return Path(os.path.relpath(path.resolve(), directory.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _require_distinct(names: Sequence[str]) -> None:
    """Raise UsageError where two files would be one on a system that does not tell capitals from small letters."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise UsageError(
                f"{other} and {name} may be one file: generate their entities into two directories"
            )
