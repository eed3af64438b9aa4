"""The compiler as a whole: same scenario, same plan; whatever the entity, a sound plan."""

from __future__ import annotations

import pickle
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from perfengine.compiler.compile import PASSES, compile_scenario
from perfengine.model.entity import Entity, Field, FieldType, Rule, StateMachine, Transition
from perfengine.model.operation import FieldValue, RuleValue
from perfengine.model.scenario import Performance
from perfengine.model.settings import LoadSettings
from tests.entities import compile_entities, make_order, make_scenario

#: Names that no one would choose, and names that SQL has a use for.
NAMES = st.sampled_from(
    [
        "order",
        "user",
        "group",
        "end",
        "check",
        "Weird Name",
        'qu"ote',
        "it's",
        "a_b",
        "a",
        "b_c",
        "$1",
        "é",
        "id_id",
    ]
)
STATES = st.sampled_from(["open", "closed", "it's", "select", "on"])
EXPRESSIONS = st.sampled_from(
    [
        "n > 0",
        "n BETWEEN 1 AND 5",
        "length(s) > 3",
        "s IN ('a', 'b')",
        "n < m OR s = 'x'",
        "active",
        "d > '2024-01-01'",
    ]
)
#: The fields that the expressions speak of.
RULED = {
    "n": FieldType.INTEGER,
    "m": FieldType.DECIMAL,
    "s": FieldType.STRING,
    "active": FieldType.BOOLEAN,
    "d": FieldType.DATE,
}


@st.composite
def machines(draw: st.DrawFn) -> StateMachine:
    """Draw a state machine whose triggers have one target each."""
    states = tuple(draw(st.lists(STATES, min_size=1, max_size=4, unique=True)))
    triggers = draw(st.lists(NAMES, max_size=3, unique=True))
    transitions = tuple(
        Transition(
            trigger=trigger,
            sources=tuple(draw(st.lists(st.sampled_from(states), min_size=1, unique=True))),
            target=draw(st.sampled_from(states)),
            guard=draw(st.none() | EXPRESSIONS),
        )
        for trigger in triggers
    )
    return StateMachine(field="state", initial_state=states[0], states=states, transitions=transitions)


@st.composite
def entities(draw: st.DrawFn, name: str) -> Entity:
    """Draw an entity of that name with fields of any type, references, rules and maybe a state machine."""
    key = draw(
        st.sampled_from(
            [FieldType.UUID, FieldType.INTEGER, FieldType.BIGINT, FieldType.STRING, FieldType.TEXT]
        )
    )
    names = draw(st.lists(NAMES.filter(lambda word: word != "id_id"), max_size=5, unique=True))
    references = draw(st.lists(NAMES, max_size=2, unique=True))
    machine = draw(st.none() | machines())
    fields = [
        Field(name="id", type=key),
        *(
            Field(name=one, type=draw(st.sampled_from(list(FieldType))), nullable=draw(st.booleans()))
            for one in names
        ),
        *(
            Field(name=f"{table}_id", type=draw(st.sampled_from([FieldType.UUID, key])))
            for table in references
        ),
        *(Field(name=one, type=field_type) for one, field_type in RULED.items()),
        *([Field(name="state", type=FieldType.STRING)] if machine else []),
    ]
    rules = tuple(
        Rule(name=one, field="n", expression=draw(EXPRESSIONS))
        for one in draw(st.lists(NAMES, max_size=2, unique=True))
    )
    return Entity(name=name, fields=tuple(fields), machine=machine, rules=rules)


@st.composite
def families(draw: st.DrawFn) -> tuple[Entity, ...]:
    """Draw one to three entities, which may refer to one another."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    return tuple(draw(entities(name)) for name in names)


def test_the_same_scenario_gives_the_same_plan() -> None:
    """Nothing in a plan depends on when or where it was made."""
    settings = LoadSettings(concurrency=7, seed=3)
    assert compile_entities(make_order(), settings=settings) == compile_entities(
        make_order(), settings=settings
    )


def test_a_plan_travels_to_another_process() -> None:
    """A pickled plan comes back equal."""
    plan = compile_entities(make_order())
    assert pickle.loads(pickle.dumps(plan)) == plan  # noqa: S301 - our own bytes


def test_the_seed_of_the_run_is_in_the_plan() -> None:
    """Values follow from the seed that was asked for."""
    assert compile_entities(make_order(), settings=LoadSettings(seed=7)).seed == 7


def test_passes_are_distinct_functions() -> None:
    """Each step of the compiler is there once."""
    assert len(set(PASSES)) == len(PASSES)


@given(families(), st.integers(1, 60), st.none() | st.integers(1, 3000))
def test_any_family_of_entities_compiles(
    family: tuple[Entity, ...], concurrency: int, iterations: int | None
) -> None:
    """Names are unique, ranges are disjoint, parents come first, and every parameter has its column."""
    settings = LoadSettings(concurrency=concurrency, iterations=iterations)
    plan = compile_scenario(make_scenario(*family, performance=Performance()), settings)

    names = [operation.name for operation in plan.available]
    assert len(set(names)) == len(names)
    aliases = [alias for operation in plan.available for alias in operation.aliases]
    assert len({*aliases, *names}) == len(aliases) + len(names)

    for table in plan.tables:
        before = plan.tables[: plan.tables.index(table)]
        assert {column.references for column in table.columns} <= {None, *(other.name for other in before)}
        ranges = [item.keys for item in plan.operations if item.operation.entity == table.name]
        assert all(left.stop <= right.start for left, right in pairwise(ranges))
        assert all(keys.start >= plan.data_rows[table.name] for keys in ranges)

    for operation in plan.available:
        columns = {column.name for column in plan.table(operation.entity).columns}
        assert all(f"${n}" in operation.sql for n in range(1, len(operation.parameters) + 1))
        for parameter in operation.parameters:
            if isinstance(parameter, FieldValue | RuleValue):
                assert parameter.field in columns

    assert len({function.name for function in plan.functions}) == len(plan.functions)


#: `12`, `0.005`, `1e-9`, and far larger and finer ones.
NUMBERS = st.from_regex(r"[0-9]{1,40}(\.[0-9]{1,40})?(e-?[0-9]{1,12})?", fullmatch=True)


@given(
    st.sampled_from(["n >", "n <", "n =", "n <>", "-1 <", "n IN (1,"]),
    st.sampled_from(["", "-"]),
    NUMBERS,
    st.sampled_from(list(FieldType)),
)
def test_any_number_can_stand_in_a_rule(operator: str, sign: str, number: str, field_type: FieldType) -> None:
    """Numbers of any size and any number of digits compile, whatever the type of the field."""
    expression = f"{operator} {sign}{number}{')' if '(' in operator else ''} AND n IS NOT NULL"
    fields = (Field(name="id", type=FieldType.UUID), Field(name="n", type=field_type))
    entity = Entity(name="order", fields=fields, rules=(Rule(name="r", field="n", expression=expression),))
    assert compile_entities(entity).table("order").checks[0].fields == ("n",)
