"""Operations written in Python as a part of the scenario: beside what documents say, or by themselves."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.custom.find import find_operations, workload_of
from perfengine.custom.module import is_python, split_name
from perfengine.errors import SpecError, UsageError
from perfengine.model.mistake import Mistake
from perfengine.model.scenario import Scenario
from perfengine.model.workload import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfengine.custom.find import PythonWorkload
    from perfengine.engine.request import RunRequest
    from perfengine.model.workload import OwnOperation

#: What the callables of this process are listed under.
_IN_PROCESS = "python"
NO_DOCUMENTS = Scenario(entities=())


def split_files(files: Iterable[str]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the documents, and the Python files as they are written: `checkout.py:checkout`."""
    texts = tuple(files)
    return tuple(Path(text) for text in texts if not is_python(text)), tuple(filter(is_python, texts))


def find_python(request: RunRequest) -> tuple[PythonWorkload, ...]:
    """Return the operations of all Python files of a request, and of the callables handed over.

    Raises: UsageError with what is wrong in all of the files.
    """
    found: list[PythonWorkload] = []
    wrong: list[str] = []
    for text in request.python:
        try:
            found.append(find_operations(*split_name(text)))
        except UsageError as error:
            wrong.append(str(error))
    if wrong:
        raise UsageError("\n\n".join(wrong))
    return (*found, workload_of(request.code)) if request.code else tuple(found)


def with_python(scenario: Scenario, found: Sequence[PythonWorkload], request: RunRequest) -> Scenario:
    """Return the scenario with the Python operations in it, and with the mode and the requirements of the request.

    Raises: SpecError for two operations of one name.
    """
    python = [operation for each in found for operation in each.operations]
    operations = (*scenario.workload.operations, *python)
    mistakes = tuple(_namesakes(operations))
    if mistakes:
        raise SpecError(mistakes)
    asked = [requirement for operation in python for requirement in operation.requirements]
    mode = request.mode or scenario.workload.mode
    if mode is None and not scenario.entities and len(python) > 1:
        mode = Mode.MIX  # several Python operations and nothing else: that is what their weights are for
    return replace(
        scenario,
        name=scenario.name or _name(found),
        workload=replace(scenario.workload, operations=operations, mode=mode),
        requirements=(*scenario.requirements, *asked, *request.requirements),
        paths=(*scenario.paths, *(each.path for each in found if each.path)),
        text_sha256=_digest(scenario.text_sha256, found),
    )


def _namesakes(operations: Iterable[OwnOperation]) -> Iterator[Mistake]:
    first: dict[str, OwnOperation] = {}
    for operation in operations:
        known = first.setdefault(operation.name, operation)
        if known is not operation:
            message = f'"{operation.name}" is at {known.position} already: an operation has a name of its own'
            yield Mistake(position=operation.position, message=message)


def _name(found: Sequence[PythonWorkload]) -> str:
    """Return what operations without an entity are listed under: the first file's name."""
    return next((Path(each.path).stem if each.path else _IN_PROCESS for each in found), "")


def _digest(documents: str, found: Sequence[PythonWorkload]) -> str:
    """Return the digest of documents and Python files together; that of the documents, without any."""
    files = [Path(each.path).read_bytes() for each in found if each.path]
    if not files:
        return documents
    digest = sha256(documents.encode())
    for data in files:
        digest.update(data)
    return digest.hexdigest()
