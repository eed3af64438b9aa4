"""State machines."""

from __future__ import annotations

import pytest

from perfengine.model.entity import StateMachine, Transition
from tests.documents import messages_of, mistakes_of, scenario_of

FIELDS = "{id: uuid, status: string}"


def _document(transitions: str, *, fields: str = FIELDS, states: str = "[a, b, c]", extra: str = "") -> str:
    return f"""\
name: order
fields: {fields}
patterns:
  - name: state_machine
    initial_state: a
    states: {states}
    {extra or "description: ''"}
    transitions: {transitions}
"""


def _machine(
    transitions: str, *, fields: str = FIELDS, states: str = "[a, b, c]", extra: str = ""
) -> StateMachine:
    scenario = scenario_of(_document(transitions, fields=fields, states=states, extra=extra))
    machine = scenario.entities[0].entity.machine
    assert machine is not None
    return machine


def test_transitions_of_one_trigger_and_target_are_one() -> None:
    """Its sources are those of both."""
    machine = _machine("[{from: a, to: c, trigger: cancel}, {from: b, to: c, trigger: cancel}]")
    assert machine.transitions == (Transition(trigger="cancel", sources=("a", "b"), target="c"),)


@pytest.mark.parametrize(
    ("sources", "expected"), [("a", ("a",)), ("[b, a]", ("b", "a")), ("any", ("a", "b"))]
)
def test_sources_are_a_state_a_list_or_any(sources: str, expected: tuple[str, ...]) -> None:
    """`any` is every state but the target."""
    (transition,) = _machine(f"[{{from: {sources}, to: c, trigger: go}}]").transitions
    assert transition.sources == expected


def test_a_state_called_any_is_that_state() -> None:
    """A declared name beats the word."""
    machine = _machine("[{from: any, to: a, trigger: go}]", states="[a, b, any]")
    assert machine.transitions[0].sources == ("any",)


def test_states_may_be_mappings_and_are_what_was_written() -> None:
    """Whatever YAML 1.1 thinks of on and 010."""
    machine = _machine("[{from: on, to: 010, trigger: go}]", states="[a, on, {name: 010, description: x}]")
    assert machine.states == ("a", "on", "010")
    assert machine.transitions[0].target == "010"


@pytest.mark.parametrize(
    ("fields", "extra", "field"),
    [
        ("{id: uuid, status: string, state: text}", "", "status"),
        ("{id: uuid, state: text}", "", "state"),
        ("{id: uuid, phase: text}", "field: phase", "phase"),
    ],
)
def test_the_column_is_the_named_one_or_status_or_state(fields: str, extra: str, field: str) -> None:
    """Only a document with neither has to say which."""
    assert _machine("[{from: a, to: b, trigger: go}]", fields=fields, extra=extra).field == field


def test_a_guard_is_kept_as_written() -> None:
    """It is an SQL expression for the database to judge."""
    machine = _machine("[{from: a, to: b, trigger: go, guard: 'paid = true'}]")
    assert machine.transitions[0].guard == "paid = true"


@pytest.mark.parametrize(
    ("transitions", "message"),
    [
        ("[]", "8:18 transitions: there is none, and a state machine is about them"),
        ("[{from: x, to: b, trigger: go}]", '8:26 unknown state "x"'),
        ("[{from: [a, x], to: b, trigger: go}]", '8:30 unknown state "x"'),
        ("[{from: [a, any], to: b, trigger: go}]", '8:30 unknown state "any"'),
        ("[{from: [a, a], to: b, trigger: go}]", '8:30 state "a" is there twice'),
        ("[{from: [], to: b, trigger: go}]", "8:26 from: the list is empty: name a state, or write any"),
        (
            "[{from: [a, b], to: b, trigger: go}]",
            '8:30 trigger "go" leads from "b" to itself: it would change nothing',
        ),
        (
            "[{from: a, to: b, trigger: go}, {from: b, to: c, trigger: go}]",
            '8:76 trigger "go" already leads to "b": one trigger, one target',
        ),
        (
            "[{from: a, to: c, trigger: go}, {from: [b, a], to: c, trigger: go}]",
            '8:81 trigger "go" already leads from "a" to "c": remove one of them',
        ),
        (
            "[{from: a, to: c, trigger: go}, {from: b, to: c, trigger: go, guard: x}]",
            '8:76 trigger "go" has another guard above: transitions of one trigger share their guard',
        ),
        (
            "[{from: a, to: c, trigger: go, guard: '(x'}]",
            '8:57 guard: this "(" is never closed',
        ),
        (
            f"[{{from: a, to: c, trigger: {'t' * 60}}}]",
            f'8:45 the function "order_{"t" * 51}..." has 66 bytes, a name has at most 63',
        ),
    ],
)
def test_a_wrong_transition_is_named_at_its_place(transitions: str, message: str) -> None:
    """Sources, targets, triggers and guards are checked against each other."""
    assert messages_of(_document(transitions)) == [message]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"states": "[a, b, a]"}, '6:20 state "a" is there twice'),
        ({"states": "[]"}, "6:13 states: there is none: list them, such as [pending, confirmed]"),
        ({"states": "[b, c]"}, '5:20 unknown state "a"'),
        (
            {"fields": "{id: uuid}"},
            (
                '4:11 the state machine has no column: add "status: string" to the fields,'
                " or say which: field: ..."
            ),
        ),
        ({"extra": "field: phase"}, '7:12 field: "phase" is no field of the entity'),
        (
            {"fields": "{id: uuid, status: integer}"},
            '4:11 states are kept in a string or text field, "status" is integer',
        ),
        ({"extra": "field: id"}, "7:12 states cannot be kept in the key"),
        (
            {"fields": "{id: uuid, status: string(3)}", "states": "[a, b, four]"},
            '4:11 state "four" has 4 characters, "status" holds 3',
        ),
    ],
)
def test_a_wrong_machine_is_named_at_its_place(changes: dict[str, str], message: str) -> None:
    """States, the initial state and the column are checked against each other."""
    transitions = (
        "[{from: b, to: any, trigger: go}]" if "states" in changes else "[{from: a, to: b, trigger: go}]"
    )
    messages = messages_of(_document(transitions, **changes))
    assert message in messages


def test_any_needs_another_state() -> None:
    """From the only state there is nowhere to come from."""
    text = _document("[{from: any, to: a, trigger: go}]", states="[a]")
    assert messages_of(text) == ['8:26 from: there is no other state than "a" to come from']


def test_an_entity_has_one_state_machine() -> None:
    """A second one is a mistake at its name."""
    transitions = "[{from: a, to: b, trigger: go}]"
    pattern = f"- {{name: state_machine, initial_state: a, states: [a, b], transitions: {transitions}}}"
    text = f"name: order\nfields: {FIELDS}\npatterns:\n  {pattern}\n  {pattern}\n"
    assert messages_of(text) == ["5:12 an entity has one state machine: this is another"]


def test_an_unknown_state_suggests_the_one_that_was_meant() -> None:
    """The states are listed, and any where it may stand."""
    (mistake,) = mistakes_of(_document("[{from: pendig, to: b, trigger: go}]", states="[a, b, pending]"))
    assert mistake.allowed == ("a", "b", "pending", "any")
    assert mistake.suggestion == "pending"
