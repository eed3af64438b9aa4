"""The starter scenario."""

from __future__ import annotations

from perfengine.spec.starter import starter_scenario
from tests.documents import scenario_of


def test_the_starter_reads_without_a_mistake_or_a_note() -> None:
    """It asks for nothing that cannot be had."""
    scenario = scenario_of(starter_scenario())
    (one,) = scenario.entities
    assert one.entity.name == "order"
    assert one.entity.machine is not None
    assert len(one.entity.rules) == 1
    assert len(scenario.requirements) == 4
    assert scenario.notes == ()


def test_the_starter_begins_with_the_line_that_editors_read() -> None:
    """The schema lies beside it."""
    first = starter_scenario().splitlines()[0]
    assert first == "# yaml-language-server: $schema=perfengine.schema.json"
