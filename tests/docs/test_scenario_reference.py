"""The examples of the scenario reference are what it says they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfengine.errors import SpecError
from perfengine.model.entity import FieldType
from perfengine.spec.read import read_scenario
from perfengine.spec.shape.performance_parts import MEASURED_METRICS, REPORT_FORMATS, UNMEASURED_METRICS
from tests.documents import document, mistakes_of, scenario_of

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_are_one_scenario() -> None:
    """Read together, they have no mistake and no note."""
    scenario = scenario_of(*EXAMPLES)
    assert len(EXAMPLES) == 4
    assert [one.entity.name for one in scenario.entities] == ["order"]
    assert len(scenario.requirements) == 11
    assert len(scenario.service_levels) == 1
    assert scenario.notes == ()


def test_the_example_of_a_mistake_is_real() -> None:
    """The page shows what the program prints."""
    text = "name: order\n" + "#\n" * 11 + "fields:\n    id: {type: uid}\n"
    with pytest.raises(SpecError) as caught:
        read_scenario([document(text, "scenarios/order.yaml")])
    assert f"```\n{caught.value}\n```" in PAGE


@pytest.mark.parametrize("word", [*FieldType, *MEASURED_METRICS, *UNMEASURED_METRICS, *REPORT_FORMATS])
def test_every_word_is_on_the_page(word: str) -> None:
    """A type, a metric or a report format that is read is described."""
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("key", ["workload", "scenario", "data"])
def test_what_cannot_be_used_yet_is_refused(key: str) -> None:
    """The page says so, and so does the program."""
    assert f"`{key}:`" in PAGE
    assert "yet" in mistakes_of(f"name: order\nfields: {{id: uuid}}\n{key}: {{}}\n")[0].message
