"""Which entities take part, and the mistakes that no table can be made of."""

from __future__ import annotations

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.errors import PlanError
from perfengine.model.entity import Entity, Field, FieldType
from perfengine.model.scenario import EntityScenario, Performance, Scenario
from perfengine.model.settings import LoadSettings
from tests.entities import ID, compile_entities, make_entity, make_machine, make_order, make_rule


def test_disabled_entities_are_skipped_with_a_note() -> None:
    """An entity that says enabled: false leaves a note and nothing else."""
    scenario = Scenario(
        entities=(
            EntityScenario(entity=make_order(), performance=Performance()),
            EntityScenario(entity=make_entity("invoice"), performance=Performance(enabled=False)),
        )
    )
    plan = compile_scenario(scenario, LoadSettings())
    assert {operation.entity for operation in plan.available} == {"order"}
    assert plan.notes == ('entity "invoice" is skipped: its performance settings say enabled: false',)


def test_nothing_enabled_is_an_empty_plan() -> None:
    """With every entity disabled there is nothing to do, which is no mistake."""
    plan = compile_entities(make_order(), performance=Performance(enabled=False))
    assert (plan.operations, plan.tables, plan.available) == ((), (), ())
    assert plan.notes[-1] == "there is nothing to run: no entity is enabled"


TEXT = Field(name="name", type=FieldType.TEXT)
KEY_TYPES = "bigint, integer, string, text, uuid"


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (
            make_entity("pg_class"),
            'entity "pg_class": a name that begins with pg_ belongs to PostgreSQL itself; call it something else',
        ),
        (
            make_entity("x" * 64),
            f'entity "{"x" * 64}": "{"x" * 64}" has 64 bytes, an identifier has at most 63',
        ),
        (
            make_entity("order", TEXT, TEXT),
            'entity "order": 2 of them are called "name"; one field, one name',
        ),
        (
            make_entity("order", TEXT, rules=(make_rule("true", "name"), make_rule("false", "name"))),
            'entity "order": 2 of them are called "sound"; one rule, one name',
        ),
        (Entity(name="order", fields=(TEXT,)), 'entity "order": it has no field id, its key'),
        (
            make_entity("order", key=Field(name="id", type=FieldType.DATE)),
            f'entity "order": its key id has type date; keys can be made of these types: {KEY_TYPES}',
        ),
        (
            make_entity("order", key=Field(name="id", type=FieldType.STRING, length=20)),
            'entity "order": its key id holds 20 characters; a generated key has 32: string(32)',
        ),
        (
            make_entity("order", TEXT, rules=(make_rule("total > 0"),)),
            'entity "order": rule "sound" is about field "total", which is none of: id, name',
        ),
        (
            Entity(name="order", fields=(ID,), machine=make_machine()),
            'entity "order": its state machine works on field "status", which it does not have',
        ),
        (
            Entity(
                name="order",
                fields=(ID, Field(name="status", type=FieldType.INTEGER)),
                machine=make_machine(),
            ),
            'entity "order": its state field "status" has type integer; states are kept in a string or text field',
        ),
        (
            Entity(
                name="order",
                fields=(ID, Field(name="status", type=FieldType.STRING, length=8)),
                machine=make_machine(),
            ),
            'entity "order": state "confirmed" has 9 characters, field "status" holds 8',
        ),
    ],
)
def test_a_contradiction_names_its_sides(entity: Entity, message: str) -> None:
    """No plan follows, and the message says what clashes with what."""
    with pytest.raises(PlanError) as caught:
        compile_entities(entity)
    assert str(caught.value) == message


def test_all_contradictions_are_told_at_once() -> None:
    """Two bad entities make two lines, and two of one name a third."""
    with pytest.raises(PlanError) as caught:
        compile_entities(Entity(name="a", fields=()), Entity(name="a", fields=()))
    assert str(caught.value).splitlines() == [
        '2 of them are called "a"; one entity, one name',
        'entity "a": it has no field id, its key',
        'entity "a": it has no field id, its key',
    ]
