"""All files of a plan: for every entity an SQL file for each pattern, and a Python file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.generate.python_file import python_file
from perfengine.generate.sql_file import sql_file
from perfengine.generate.workbench import Workbench
from perfengine.model.operation import Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.generated import GeneratedFile, GenerateInput

_PATTERNS: Final = (Group.STATE_MACHINE, Group.VALIDATION)


def generated_files(given: GenerateInput) -> tuple[GeneratedFile, ...]:
    """Return the files, in the order of the entities; none for a plan without operations."""
    return tuple(_files(given))


def _files(given: GenerateInput) -> Iterator[GeneratedFile]:
    entities = dict.fromkeys(item.operation.entity for item in given.plan.operations)
    for entity in entities:
        if entity in given.tried.tables:
            yield from _sql_files(given, entity)
        yield python_file(given, entity)


def _sql_files(given: GenerateInput, entity: str) -> Iterator[GeneratedFile]:
    for pattern in _PATTERNS:
        operations = tuple(
            item
            for item in given.plan.operations
            if (item.operation.entity, item.operation.group) == (entity, pattern)
        )
        if operations:
            table = given.tried.tables[entity]
            yield sql_file(Workbench(given=given, table=table, pattern=pattern, operations=operations))
