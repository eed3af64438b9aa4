"""Small builders of entities, scenarios and plans; everything not asked for is plain and valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.compiler.compile import compile_scenario
from perfengine.compiler.draft import Draft
from perfengine.model.entity import Entity, Field, FieldType, Rule, StateMachine, Transition
from perfengine.model.mistake import Position
from perfengine.model.scenario import EntityScenario, FieldData, Performance, Scenario
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import NOTHING_SAID, OwnOperation, OwnParameter, OwnStatement, Workload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.generator import Generator
    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan, Plan

ID = Field(name="id", type=FieldType.UUID)
#: Where something is written that a test is not about.
HERE = Position(path="order.yaml", line=1, column=1)


def make_machine(
    *transitions: tuple[str, str | tuple[str, ...], str],
    states: tuple[str, ...] = ("pending", "confirmed", "shipped"),
    field: str = "status",
    guard: str | None = None,
) -> StateMachine:
    """Return a state machine of (trigger, source or sources, target); the first state is the initial one."""
    return StateMachine(
        field=field,
        initial_state=states[0],
        states=states,
        transitions=tuple(
            Transition(
                trigger=trigger,
                sources=(source,) if isinstance(source, str) else source,
                target=target,
                guard=guard,
            )
            for trigger, source, target in transitions
        ),
    )


def make_rule(expression: str, field: str = "total", name: str = "sound") -> Rule:
    """Return a validation rule."""
    return Rule(name=name, field=field, expression=expression)


def make_entity(
    name: str = "order",
    *fields: Field,
    machine: StateMachine | None = None,
    rules: tuple[Rule, ...] = (),
    key: Field = ID,
) -> Entity:
    """Return an entity with the fields after its key; a machine brings its state field with it."""
    state = () if machine is None else (Field(name=machine.field, type=FieldType.STRING),)
    return Entity(name=name, fields=(key, *state, *fields), machine=machine, rules=rules)


def make_order() -> Entity:
    """Return the entity of the original document: an order that is confirmed, shipped and delivered."""
    machine = make_machine(
        ("confirm", "pending", "confirmed"),
        ("ship", "confirmed", "shipped"),
        ("deliver", "shipped", "delivered"),
        states=("pending", "confirmed", "shipped", "delivered"),
    )
    fields = (
        ID,
        Field(name="customer_id", type=FieldType.UUID),
        Field(name="status", type=FieldType.STRING),
        Field(name="total_amount", type=FieldType.DECIMAL),
        Field(name="created_at", type=FieldType.TIMESTAMP),
        Field(name="updated_at", type=FieldType.TIMESTAMP),
    )
    rule = make_rule("total_amount > 0", field="total_amount", name="positive_total")
    return Entity(name="order", fields=fields, machine=machine, rules=(rule,))


def make_scenario(
    *entities: Entity,
    performance: Performance | None = None,
    workload: Workload = NOTHING_SAID,
    data: tuple[FieldData, ...] = (),
    name: str = "",
) -> Scenario:
    """Return a scenario in which every entity has the same performance settings."""
    settings = performance or Performance()
    return Scenario(
        entities=tuple(EntityScenario(entity=one, performance=settings) for one in entities),
        workload=workload,
        data=data,
        name=name,
    )


def make_draft(*entities: Entity) -> Draft:
    """Return the draft as the passes after `take_entities` find it."""
    scenario = make_scenario(*entities)
    return Draft(scenario=scenario, settings=LoadSettings(), entities=scenario.entities)


def compile_entities(
    *entities: Entity,
    performance: Performance | None = None,
    settings: LoadSettings | None = None,
    workload: Workload = NOTHING_SAID,
    data: tuple[FieldData, ...] = (),
    name: str = "",
) -> Plan:
    """Return the plan of the entities."""
    return compile_scenario(
        make_scenario(*entities, performance=performance, workload=workload, data=data, name=name),
        settings or LoadSettings(),
    )


def operation_of(plan: Plan, name: str) -> Operation:
    """Return the compiled operation of that name, selected or not."""
    return next(operation for operation in plan.available if operation.name == name)


def plan_of(plan: Plan, name: str) -> OperationPlan:
    """Return the plan of the selected operation of that name."""
    return next(item for item in plan.operations if item.operation.name == name)


def names_of(operations: Sequence[Operation]) -> list[str]:
    """Return the names of operations, in order."""
    return [operation.name for operation in operations]


def make_parameters(**generators: Generator) -> tuple[OwnParameter, ...]:
    """Return the parameters of an own operation, by name."""
    return tuple(
        OwnParameter(name=name, generator=generator, position=HERE) for name, generator in generators.items()
    )


def make_statement(sql: str, name: str = "lookup", **generators: Generator) -> OwnOperation:
    """Return an own operation of one statement."""
    return OwnOperation(
        name=name,
        position=HERE,
        steps=(OwnStatement(sql=sql, position=HERE),),
        parameters=make_parameters(**generators),
    )
