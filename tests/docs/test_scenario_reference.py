"""The examples of the scenario reference are what it says they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.errors import SpecError
from perfengine.model.entity import FieldType
from perfengine.model.operation import Pick
from perfengine.model.workload import Mode, Model, WhenExhausted
from perfengine.spec.read import read_scenario
from perfengine.spec.schema import scenario_schema
from perfengine.spec.shape.operation_parts import ISOLATIONS, ExpectPart, OwnOperationPart, RetryPart
from perfengine.spec.shape.performance_parts import MEASURED_METRICS, REPORT_FORMATS
from perfengine.spec.shape.range_parts import DISTRIBUTIONS
from perfengine.spec.shape.workload_parts import WorkloadPart
from tests.docs.pages import ROOT, text_of
from tests.documents import document, mistakes_of, scenario_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = text_of(ROOT / "docs" / "reference" / "scenario.md")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def examples(key: str) -> list[str]:
    """Return the examples of documents that begin with this key."""
    return [text for text in EXAMPLES if text.startswith(f"{key}:")]


def test_the_examples_are_one_scenario() -> None:
    """Read together, with one of the workloads at a time, they have no mistake and no note."""
    others = [text for text in EXAMPLES if text not in examples("workload")]
    assert len(others) == 5
    assert len(examples("workload")) == 3
    for workload in examples("workload"):
        scenario = scenario_of(*others, workload)
        assert [one.entity.name for one in scenario.entities] == ["order"]
        assert len(scenario.requirements) == 11 + sum(
            len(operation.requirements) for operation in scenario.workload.operations
        )
        assert len(scenario.service_levels) == 1
        assert len(scenario.data) == 4
        assert scenario.notes == ()


def test_the_examples_of_generators_are_read() -> None:
    """Each form of the table, as a parameter."""
    rows = re.findall(r"^\| (.*?) \|", PAGE[PAGE.index("| Generator |") :].split("\n\n")[0], re.MULTILINE)
    forms = [form for row in rows[1:] for form in re.findall(r"`([^`]+)`", row)]
    assert len(forms) == 21
    for form in forms:
        text = f"workload: {{ops: {{mine: {{function: f, params: {{x: {form}}}}}}}}}\n"
        (own,) = scenario_of(examples("name")[0], text).workload.operations
        assert len(own.parameters) == 1


def test_the_example_of_a_mistake_is_real() -> None:
    """The page shows what the program prints."""
    text = "name: order\n" + "#\n" * 11 + "fields:\n    id: {type: uid}\n"
    with pytest.raises(SpecError) as caught:
        read_scenario([document(text, "scenarios/order.yaml")])
    assert f"```\n{caught.value}\n```" in PAGE


_WORDS = (
    *(*FieldType, *MEASURED_METRICS, *REPORT_FORMATS, *DISTRIBUTIONS),
    *(*Pick, *WhenExhausted, *Mode, *Model, *ISOLATIONS),
)


@pytest.mark.parametrize("word", _WORDS)
def test_every_word_is_on_the_page(word: str) -> None:
    """Whatever is read in place of a value is described."""
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize(
    "key", [key for part in (WorkloadPart, OwnOperationPart, ExpectPart, RetryPart) for key in part.words()]
)
def test_every_key_is_on_the_page(key: str) -> None:
    """In a table, or as it is written."""
    assert re.search(rf"`{key}[`:]", PAGE)


def _words_below(part: str) -> set[str]:
    """Return every key and every word of a list, of a part of the schema and of all parts that it is made of."""
    definitions = scenario_schema()["definitions"]
    words: set[str] = set()
    seen, left = set[str](), [part]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            words |= {word for word, _ in _said(definitions[name])}
            left += [refers for _, refers in _said(definitions[name]) if refers]
    return words


def _said(node: Any) -> Iterator[tuple[str, str]]:
    """Yield the words of a schema node, and the definitions that it refers to."""
    if isinstance(node, list):
        for item in node:
            yield from _said(item)
    elif isinstance(node, dict):
        yield from ((str(word), "") for word in (*node.get("properties", {}), *node.get("enum", ())))
        if "$ref" in node:
            yield "", node["$ref"].rpartition("/")[2]
        for key, value in node.items():
            if key != "enum":
                yield from _said(value)


@pytest.mark.parametrize("word", sorted(_words_below("WorkloadPart") - {""}))
def test_every_word_of_the_schema_of_a_workload_is_on_the_page(word: str) -> None:
    """In code: as a key, or as a value."""
    code = "\n".join(re.findall(r"`[^`]+`|```.*?```", PAGE, re.DOTALL))
    assert re.search(rf"(?<![\w.]){re.escape(word)}(?![\w])", code)


@pytest.mark.parametrize(("key", "text"), [("scenario", "scenario: {}")])
def test_what_cannot_be_used_is_refused(key: str, text: str) -> None:
    """The page says so, and so does the program."""
    assert f"`{key}:" in PAGE[PAGE.index("## What is refused") :]
    assert mistakes_of(f"name: order\nfields: {{id: uuid}}\n{text}\n")[0].message.startswith(f"{key}: ")
