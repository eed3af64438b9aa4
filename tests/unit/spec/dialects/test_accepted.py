"""Right entity files of all dialects: read, compiled, and what an editor thinks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft7Validator

from perfengine.compiler.compile import compile_scenario
from perfengine.model.settings import LoadSettings
from perfengine.spec.read import read_scenario
from perfengine.spec.schema import scenario_schema
from tests.dialect_files import ACCEPTED, text_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    """Return a validator of documents."""
    return Draft7Validator(scenario_schema())


class _TextLoader(yaml.SafeLoader):
    """Reads numbers and truths as YAML 1.2 does, days as text."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_every_file_is_compiled(path: Path) -> None:
    """Each has operations for its entities; none needs the others."""
    plan = compile_scenario(read_scenario([text_of(path)]), LoadSettings())
    entities = {table.name for table in plan.tables if not table.parent}
    assert {operation.entity for operation in plan.available} == entities
    for entity in entities:
        assert f"{entity}_create" in {operation.name for operation in plan.available}


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_an_editor_shows_no_error(validator: Draft7Validator, path: Path) -> None:
    """The JSON Schema admits every spelling that is read."""
    documents: list[Any] = list(yaml.load_all(path.read_text(), Loader=_TextLoader))
    assert [error.message for document in documents for error in validator.iter_errors(document)] == []


def test_together_they_are_one_run() -> None:
    """Tables come after those they refer to, also across files; what no file describes is made."""
    plan = compile_scenario(read_scenario([text_of(path) for path in ACCEPTED]), LoadSettings())
    made: list[str] = []
    for table in plan.tables:
        referred = [column.references for column in table.columns if column.references]
        assert set(referred) <= set(made), table.name
        made.append(table.name)
    parents = {table.name for table in plan.tables if table.parent}
    assert {"customer", "organization", "project", "supplier"} <= parents
    assert not {"machine", "user", "contact"} & parents
    machine = next(column for column in plan.table("allocation").columns if column.name == "machine")
    assert machine.references == "machine"


def test_there_are_thirty() -> None:
    """A corpus that shrinks proves less."""
    assert len(ACCEPTED) >= 30
